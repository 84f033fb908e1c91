import type { CompiledSchedule } from './compile.ts';
import { nextFire } from './fires.ts';

/** A stretch whose ticks are accounted for elsewhere, [from, to); without an end it goes on. */
export interface Span {
  readonly from: Date;
  readonly to: Date | null;
}

/** [from, to) in ms. */
export interface MsSpan {
  readonly from: number;
  readonly to: number;
}

/** By their beginning; they may still overlap. */
export function inOrder(spans: readonly Span[]): MsSpan[] {
  return spans
    .map(({ from, to }) => ({
      from: from.getTime(),
      to: to?.getTime() ?? Number.POSITIVE_INFINITY,
    }))
    .toSorted((a, b) => a.from - b.from);
}

/** What of [from, to) lies in none of the spans, in order. */
export function openStretches(spans: readonly MsSpan[], from: number, to: number): MsSpan[] {
  const open: MsSpan[] = [];
  let begin = from;
  for (const span of spans) {
    if (span.from >= to) break;
    if (span.from > begin) open.push({ from: begin, to: span.from });
    begin = Math.max(begin, span.to);
  }
  if (begin < to) open.push({ from: begin, to });
  return open;
}

export function firstFireIn(
  schedule: CompiledSchedule,
  stretches: readonly MsSpan[],
): number | null {
  for (const { from, to } of stretches) {
    const fire = nextFire(schedule, new Date(from - 1));
    if (fire === null) return null;
    if (fire.at.getTime() < to) return fire.at.getTime();
  }
  return null;
}

/** The last `most` fires in the stretches, in order. */
export function latestFiresIn(
  schedule: CompiledSchedule,
  stretches: readonly MsSpan[],
  most: number,
): number[] {
  const found: number[] = [];
  for (const { from, to } of stretches.toReversed()) {
    let untilMs = to - 1;
    while (found.length < most) {
      const ms = schedule.latest(from - 1, untilMs);
      if (ms === null) break;
      found.push(ms);
      untilMs = ms - 1;
    }
  }
  return found.toReversed();
}
