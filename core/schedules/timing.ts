import type { DstMark } from './line-fires.ts';

/** What is unusual about a fire. */
export type FireMark = DstMark | JitteredMark | MovedByCalendarMark;

/** Comes later than the schedule says, by the job's share of its jitter. */
export interface JitteredMark {
  kind: 'jittered';
  /** ISO 8601: when it would have come. */
  nominal: string;
}

/** Its day is off, so that it comes on another one. */
export interface MovedByCalendarMark {
  kind: 'moved_by_calendar';
  /** The day that it was due on: `2026-12-25`. */
  from: string;
  /** Name of the holiday or date; empty for a weekend. */
  because: string;
}

/** A fire in ms; `marks` is empty for nearly all. */
export interface TimedFire {
  readonly ms: number;
  readonly marks: readonly FireMark[];
}

/** Answers for the fires of a schedule without making those that nobody asked for. All instants in ms since 1970. */
export interface Timing {
  /** The first fire after `afterMs`, or null. */
  next(afterMs: number): TimedFire | null;
  /** The last fire in (afterMs, untilMs], or null. */
  latest(afterMs: number, untilMs: number): number | null;
  /** How many fires lie in (fromMs, toMs]: exactly as many as `next` gives one by one. */
  count(fromMs: number, toMs: number): number;
}

export const NEVER: Timing = { next: () => null, latest: () => null, count: () => 0 };

/** The end of what a Date can hold. */
export const LAST_INSTANT_MS = 8.64e15;
