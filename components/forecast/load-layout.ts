import type { QueueLoad } from '#core/forecast/forecast.ts';

export const CHART_HEIGHT = 120;
export const CHART_TOP = 18;
/** The line of zero; the axis' words stand below the chart. */
export const CHART_ZERO = CHART_HEIGHT - 1;
const LEAST_COLUMN_PX = 3;
/** Slots that are so many times the load would make the load too low to be seen: their line is left out. */
const FAR_ABOVE = 4;

/** One or several buckets of a queue: the most of each, and the sum of what starts. */
export type LoadColumn = {
  /** Which buckets; `end` is exclusive. */
  start: number;
  end: number;
  starts: number;
  load: number;
  longLoad: number;
  waitMs: number;
  longWaitMs: number;
  overlapped: number;
};

export type LoadLayout = {
  columns: LoadColumn[];
  /** Of a column, px. */
  width: number;
  /** y of so many runs at once. */
  yOf: (runs: number) => number;
  /** Whether the line of the slots lies in the chart. */
  showsSlots: boolean;
  /** The fullest column, and which bucket of it; null where nothing runs. */
  peak: { column: number; bucket: number } | null;
};

/** Columns of at least 3 px: on a narrow screen several buckets share one. */
export function layoutLoad(queue: QueueLoad, widthPx: number): LoadLayout {
  const buckets = queue.load.length;
  const each = Math.max(1, Math.ceil((buckets * LEAST_COLUMN_PX) / Math.max(1, widthPx)));
  const columns = Array.from({ length: Math.ceil(buckets / each) }, (_, n) =>
    columnOf(queue, n * each, Math.min(buckets, (n + 1) * each)),
  );
  const most = Math.max(1, ...columns.map(({ load, longLoad }) => Math.max(load, longLoad)));
  const showsSlots = queue.slots <= FAR_ABOVE * most;
  const full = showsSlots ? Math.max(most, queue.slots) : most;
  const peak = columns.reduce(
    (best, column, n) => (column.load > (columns[best]?.load ?? 0) ? n : best),
    -1,
  );
  return {
    columns,
    width: (widthPx * each) / Math.max(1, buckets),
    yOf: (runs) => CHART_ZERO - (runs / full) * (CHART_ZERO - CHART_TOP),
    showsSlots,
    peak:
      peak === -1
        ? null
        : { column: peak, bucket: queue.load.indexOf(columns[peak]!.load, columns[peak]!.start) },
  };
}

function columnOf(queue: QueueLoad, start: number, end: number): LoadColumn {
  const most = (values: readonly number[]) => Math.max(...values.slice(start, end));
  const sum = (values: readonly number[]) =>
    values.slice(start, end).reduce((total, value) => total + value, 0);
  return {
    start,
    end,
    starts: sum(queue.starts),
    load: most(queue.load),
    longLoad: most(queue.longLoad),
    waitMs: most(queue.waitMs),
    longWaitMs: most(queue.longWaitMs),
    overlapped: sum(queue.overlapped),
  };
}

/** Rows of a table that says the same: whole hours, or longer where there would be more than 48. */
export function tableRows(queue: QueueLoad, bucketMs: number): LoadColumn[] {
  const buckets = queue.load.length;
  const hour = Math.max(1, Math.round(3_600_000 / bucketMs));
  const each = Math.max(buckets > hour ? hour : 1, Math.ceil(buckets / 48));
  return Array.from({ length: Math.ceil(buckets / each) }, (_, n) =>
    columnOf(queue, n * each, Math.min(buckets, (n + 1) * each)),
  ).filter(({ starts, load }) => starts > 0 || load > 0);
}
