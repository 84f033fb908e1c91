import {
  fullHeightMs,
  placeBars,
  type OutcomeBar,
  type PlacedBar,
} from '#components/bars/bar-layout.ts';

import { CHART_DOWN, CHART_TOP, CHART_UP, CHART_ZERO } from './job-chart-measures.ts';

export type ChartMeasures = {
  width: number;
  /** Ticks that have passed and that are to come: how many have room. */
  past: number;
  ahead: number;
  /** Room at the left for the words of the lines. */
  left: number;
};

export type ChartLayout = {
  step: number;
  barWidth: number;
  full: PlacedBar[];
  /** x of the line between past and future. */
  nowX: number;
  /** x of each tick to come, with its height. */
  aheadX: number[];
  aheadHeight: number;
  p50: { ms: number; y: number } | null;
  p95: { ms: number; y: number } | null;
};

const BAR_SHARE = 0.62;
const FEWEST_FOR_LINES = 5;

/**
 * Places the newest ticks up to now, and outlines those to come. The line of now stands still however few ticks there
 * are, so that a job's chart fills from it to the left.
 */
export function layOutChart(
  bars: readonly OutcomeBar[],
  aheadCount: number,
  { width, past, ahead, left }: ChartMeasures,
): ChartLayout {
  const step = (width - left) / (past + ahead);
  const barWidth = Math.max(2, Math.round(step * BAR_SHARE));
  const fullMs = fullHeightMs(bars) * 1.2;
  const measures = { barWidth, space: step - barWidth, up: CHART_UP, down: CHART_DOWN };
  const placed = placeBars(bars, past, fullMs, measures);
  const nowX = left + past * step - (step - barWidth) / 2;
  const last = placed.at(-1);
  const shift = last ? left + past * step - (step - barWidth) - (last.x + last.width) : 0;
  const durations = goodDurations(bars);
  const line = (share: number) => {
    if (durations.length < FEWEST_FOR_LINES) return null;
    const ms = quantile(durations, share);
    return { ms, y: CHART_ZERO - Math.min(CHART_UP, (ms / fullMs) * CHART_UP) };
  };
  const p50 = line(0.5);
  return {
    step,
    barWidth,
    full: placed.map((bar) => ({
      ...bar,
      x: Math.round(bar.x + shift),
      y: bar.y + CHART_TOP,
      stubs: bar.stubs.map((y) => y + CHART_TOP),
    })),
    nowX,
    aheadX: Array.from({ length: Math.min(aheadCount, ahead) }, (_, index) =>
      Math.round(left + (past + index) * step + (step - barWidth) / 2),
    ),
    aheadHeight: p50 ? Math.max(6, CHART_ZERO - p50.y) : CHART_UP * 0.4,
    p50,
    p95: line(0.95),
  };
}

/** Milliseconds of the runs that went well, in order: what is usual isn't set by what failed. */
export function goodDurations(bars: readonly OutcomeBar[]): number[] {
  return bars
    .flatMap(({ state, durationMs }) =>
      state === 'succeeded' && durationMs !== null ? [durationMs] : [],
    )
    .toSorted((a, b) => a - b);
}

/** The value that the given share of sorted numbers doesn't exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
