import type { OverlapRule } from '../jobs/definition.ts';
import type { CompiledSchedule } from '../schedules/compile.ts';

/** All that warnings are reckoned from. */
export type Facts = {
  nowMs: number;
  /** How far the queue is looked at. */
  aheadMs: number;
  /** What is typed, complete. */
  schedule: CompiledSchedule;
  overlap: OverlapRule;
  keptDays: number;
  /** How long its runs take; of others where it never ran. */
  took: { usualMs: number; longMs: number; isAssumed: boolean };
  queue: { name: string; slots: number };
  /** A revision of the job that is on trial. */
  trialRevision: number | null;
  /** What other jobs of the queue start in that time, in order. */
  others: readonly Start[];
  /** Keys of the jobs that may be named; null: all. */
  known: ReadonlySet<string> | null;
};

export type Start = {
  atMs: number;
  key: string;
  /** More than one where a job fires so often that only its fires were counted. */
  fires: number;
  usualMs: number;
  /** Its runs never lie over each other. */
  isExclusive: boolean;
};

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
