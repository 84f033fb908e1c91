import type { OutcomeState } from '#components/state/state.ts';

/** One tick or run as a bar; a gap is one item however many ticks fell into it. `at` is ISO 8601. */
export type OutcomeBar = {
  runId: number | null;
  state: OutcomeState;
  durationMs: number | null;
  /** Attempts that failed, timed out or were lost, whatever became of the run in the end. */
  failedAttempts: number;
  at: string;
  /** How many ticks a gap stands for. */
  gapTicks?: number;
};

export type BarMeasures = {
  barWidth: number;
  /** Space between two bars. */
  space: number;
  /** Height above the zero line; the longest duration reaches it. */
  up: number;
  /** Height below the zero line, for the stubs of failed attempts. */
  down: number;
};

export const rowMeasures: BarMeasures = { barWidth: 4, space: 2, up: 18, down: 6 };

/** How a bar is drawn: filled, hollow (skipped), outlined (planned) or a dashed line (gap). */
export type BarShape = 'filled' | 'hollow' | 'outline' | 'dashes';

export type PlacedBar = {
  item: OutcomeBar;
  shape: BarShape;
  x: number;
  width: number;
  y: number;
  height: number;
  /** y of each stub under the zero line, 2 px high. */
  stubs: number[];
};

// A gap takes the room of its ticks, so that a long pause looks long, up to what leaves the rest readable.
const MAX_GAP_SLOTS = 10;
const MIN_HEIGHT = 3;
const HOLLOW_HEIGHT = 6;
const STUB = 2;
const STUB_STEP = 3;

/**
 * Places the newest items that fit into `slots`, oldest at the left and the newest at the right edge.
 * @param items oldest first
 * @param slots how many bars have room
 * @param fullMs the duration that takes the whole height; longer ones are cut there
 */
export function placeBars(
  items: readonly OutcomeBar[],
  slots: number,
  fullMs: number,
  measures: BarMeasures = rowMeasures,
): PlacedBar[] {
  const { barWidth, space, up, down } = measures;
  const step = barWidth + space;
  const placed: PlacedBar[] = [];
  let right = slots;
  for (const item of items.toReversed()) {
    const taken = Math.min(slotsOf(item), right);
    if (taken <= 0) break;
    right -= taken;
    const height = heightOf(item, fullMs, up);
    placed.push({
      item,
      shape: shapeOf(item.state),
      x: right * step,
      width: taken * step - space,
      y: item.state === 'gap' ? up - 4 : up - height,
      height,
      stubs: stubsOf(item, up, down),
    });
  }
  const shift = Math.min(right, slots) * step;
  // Fewer items than slots stand at the left, as text does.
  return placed.toReversed().map((bar) => ({ ...bar, x: bar.x - shift }));
}

/** How many of `slots` the items take: a chart for fewer needs no more room. */
export function slotsTaken(items: readonly OutcomeBar[], slots: number): number {
  const wanted = items.reduce((sum, item) => sum + slotsOf(item), 0);
  return Math.min(slots, wanted);
}

function slotsOf(item: OutcomeBar): number {
  return item.state === 'gap' ? clamp(item.gapTicks ?? 1, 1, MAX_GAP_SLOTS) : 1;
}

/**
 * The duration that shall take the whole height of a row: the 95th percentile with some room, so that one
 * long run doesn't press the others flat.
 */
export function fullHeightMs(items: readonly OutcomeBar[]): number {
  const durations = items
    .flatMap((item) => (item.durationMs === null ? [] : [item.durationMs]))
    .toSorted((a, b) => a - b);
  const p95 = durations[Math.ceil(durations.length * 0.95) - 1] ?? 0;
  const median = durations[Math.floor(durations.length / 2)] ?? 0;
  // A steady job stands at about half height: then a run of twice the length shows.
  return Math.max(p95, median * 1.8, 1);
}

function heightOf(item: OutcomeBar, fullMs: number, up: number): number {
  if (item.state === 'gap') return 2;
  if (item.state === 'skipped') return HOLLOW_HEIGHT;
  if (item.state === 'queued') return MIN_HEIGHT;
  if (item.durationMs === null) return Math.round(up * 0.5);
  return clamp(Math.round((item.durationMs / fullMs) * up), MIN_HEIGHT, up);
}

function shapeOf(state: OutcomeState): BarShape {
  if (state === 'gap') return 'dashes';
  if (state === 'skipped') return 'hollow';
  if (state === 'planned' || state === 'queued') return 'outline';
  return 'filled';
}

function stubsOf(item: OutcomeBar, up: number, down: number): number[] {
  const room = Math.floor(down / STUB_STEP);
  const count = Math.min(item.failedAttempts, room);
  return Array.from({ length: count }, (_, index) => up + 1 + index * STUB_STEP);
}

export const stubHeight = STUB;

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
