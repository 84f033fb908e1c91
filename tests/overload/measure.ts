import type { Entry } from '../faults/outside/record.ts';
import { type Answer, GAVE_UP } from './readers.ts';

export type Spread = { count: number; p50Ms: number; p95Ms: number; p99Ms: number; mostMs: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    count: sorted.length,
    p50Ms: Math.round(at(0.5)),
    p95Ms: Math.round(at(0.95)),
    p99Ms: Math.round(at(0.99)),
    mostMs: Math.round(sorted.at(-1) ?? 0),
  };
}

/** A stretch of time by both clocks. */
export type Stretch = { from: number; until: number; fromMs: number; untilMs: number };

/** From a tick of the steady job to the first line of its process; ticks of the stretch, ms. */
export function lagsIn(record: readonly Entry[], key: string, { from, until }: Stretch): number[] {
  return record
    .filter(
      ({ job, what, told }) => job === key && what === 'start' && told >= from && told < until,
    )
    .map(({ at, told }) => at - told);
}

export type PageFigures = { page: string; pages: Spread; reads: Spread; failed: number };

/** By page, in the order in which they are gone round. */
export function pagesIn(answers: readonly Answer[], { fromMs, untilMs }: Stretch): PageFigures[] {
  const own = answers.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  return [...Map.groupBy(own, ({ page }) => page)].map(([page, all]) => ({
    page,
    pages: spreadOf(tookOf(all, 'page')),
    reads: spreadOf(tookOf(all, 'read')),
    failed: all.filter(isFailure).length,
  }));
}

/** By address, the slowest first: where to look. */
export function addressesIn(answers: readonly Answer[], { fromMs, untilMs }: Stretch) {
  const own = answers.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  return [...Map.groupBy(own, ({ address }) => address)]
    .map(([address, all]) => ({ address, took: spreadOf(all.map(({ tookMs }) => tookMs)) }))
    .toSorted((a, b) => b.took.p95Ms - a.took.p95Ms);
}

export const isFailure = ({ status }: Answer) =>
  status !== GAVE_UP && (status < 200 || status >= 300);

const tookOf = (answers: readonly Answer[], what: Answer['what']) =>
  answers.filter((answer) => answer.what === what).map(({ tookMs }) => tookMs);
