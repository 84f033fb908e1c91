import type { Tone } from '#components/state/state.ts';
import type { StateCounts } from '#core/runs/histogram.ts';
import type { RunState } from '#core/runs/states.ts';

export const CHART_HEIGHT = 76;
const TOP = 4;
/** The line of zero; the axis' words stand below the chart. */
export const CHART_ZERO = CHART_HEIGHT - 1;
const LEAST_PX = 2;

// From the zero line up: what went wrong stands where it is seen first, however much went well.
const STACK: readonly { tone: Tone; states: readonly RunState[] }[] = [
  { tone: 'fail', states: ['failed'] },
  { tone: 'time', states: ['timed_out'] },
  { tone: 'lost', states: ['lost'] },
  { tone: 'idle', states: ['cancelled', 'skipped', 'queued'] },
  { tone: 'run', states: ['running'] },
  { tone: 'ok', states: ['succeeded'] },
];

export type ChartBar = {
  x: number;
  width: number;
  parts: { tone: Tone; y: number; height: number }[];
};
export type RunChartLayout = { slot: number; bars: ChartBar[] };

/** Bars of counts, stacked by outcome, as high as the most of them; a part is never too low to be seen. */
export function layoutRunChart(
  buckets: readonly { counts: StateCounts }[],
  width: number,
): RunChartLayout {
  const slot = width / Math.max(1, buckets.length);
  const most = Math.max(1, ...buckets.map(({ counts }) => totalOf(counts)));
  const barWidth = Math.max(1, Math.round(slot * 0.72));
  const scale = (CHART_ZERO - TOP) / most;
  return {
    slot,
    bars: buckets.map(({ counts }, index) => ({
      x: index * slot + (slot - barWidth) / 2,
      width: barWidth,
      parts: stacked(counts, scale),
    })),
  };
}

function stacked(counts: StateCounts, scale: number): ChartBar['parts'] {
  const parts: ChartBar['parts'] = [];
  let floor = CHART_ZERO;
  for (const { tone, states } of STACK) {
    const count = states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    if (count === 0) continue;
    const height = Math.max(LEAST_PX, Math.round(count * scale));
    floor -= height;
    parts.push({ tone, y: Math.max(0, floor), height });
  }
  return parts;
}

export function totalOf(counts: StateCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEPS_MS = [
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  28 * DAY_MS,
  91 * DAY_MS,
];
const APART_PX = 72;

/** Round instants of the reader's zone along the chart; `isDay`: its words name the day. */
export function chartMarks(
  { from, to, offsetMinutes }: { from: string; to: string; offsetMinutes: number },
  width: number,
): { atMs: number; share: number; isDay: boolean }[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const length = toMs - fromMs;
  const most = Math.max(1, Math.floor(width / APART_PX));
  const step = STEPS_MS.find((candidate) => length / candidate <= most) ?? length;
  const offsetMs = offsetMinutes * MINUTE_MS;
  const marks = [];
  const first = Math.ceil((fromMs + offsetMs) / step) * step - offsetMs;
  for (let atMs = first; atMs < toMs; atMs += step) {
    const isDay = step >= DAY_MS || (atMs + offsetMs) % DAY_MS === 0;
    marks.push({ atMs, share: (atMs - fromMs) / length, isDay });
  }
  return marks;
}

/** A stretch of buckets; `end` is exclusive. */
export type Stretch = { start: number; end: number };

/** The buckets that a chosen time covers; all of them when none is chosen. */
export function stretchOf(
  buckets: readonly { at: string }[],
  from: string | null,
  to: string | null,
): Stretch {
  const count = buckets.length;
  // A bucket that begins before `from` is partly chosen: it shows as chosen.
  const startsAfter = (at: string) => buckets.findIndex((bucket) => bucket.at > isoOf(at));
  const start = from === null ? 0 : indexOr(startsAfter(from), count) - 1;
  const endAt = to === null ? -1 : buckets.findIndex((bucket) => bucket.at >= isoOf(to));
  const end = to === null ? count : indexOr(endAt, count);
  return { start: Math.max(0, start), end: Math.max(Math.max(0, start) + 1, end) };
}

/** The time that a stretch of buckets means; the whole chart is no choice. */
export function timeOf(
  buckets: readonly { at: string }[],
  { start, end }: Stretch,
): { from: string | null; to: string | null } {
  if (start <= 0 && end >= buckets.length) return { from: null, to: null };
  return { from: buckets[start]?.at ?? null, to: buckets[end]?.at ?? null };
}

const indexOr = (index: number, otherwise: number) => (index === -1 ? otherwise : index);
// Addresses may name an instant in another zone's clock; buckets are in UTC.
const isoOf = (at: string) => new Date(at).toISOString();
