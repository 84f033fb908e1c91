import type { OverlapRule } from '../jobs/definition.ts';
import type { Coverage } from '../schedules/blackouts/coverage.ts';
import type { CompiledSchedule } from '../schedules/compile.ts';

/** A job whose fires are reckoned ahead. */
export type ForecastJob = {
  id: number;
  key: string;
  revision: number;
  queue: string;
  kind: string;
  /** Labels that a worker must have. */
  runsOn: Readonly<Record<string, string>>;
  priority: number;
  overlap: OverlapRule;
  /** Only under `allow`; null: as many as the queue has room for. */
  maxParallel: number | null;
  schedule: CompiledSchedule;
  /** Paused until then, so that nothing fires before; null: it isn't paused. */
  pausedUntilMs: number | null;
  /** The blackouts that hit it. */
  coverage: Coverage;
  took: Took;
};

/** How long its runs take, ms: the median, and what 95 of 100 stay below. */
export type Took = {
  usualMs: number;
  longMs: number;
  /** It has never succeeded: the lengths are those of others. */
  isAssumed: boolean;
};

export type ForecastQueue = { name: string; maxRunning: number };

export type ForecastWorker = {
  id: number;
  slots: number;
  /** Empty: all of them; the same with kinds. */
  queues: readonly string[];
  kinds: readonly string[];
  labels: Readonly<Record<string, string>>;
};

/** A run that takes a slot now, or waits for one; of a job of the forecast. */
export type RunNow = {
  jobId: number;
  /** Null: it waits. */
  workerId: number | null;
  /** Since when it runs, or when it is due. */
  sinceMs: number;
};

/** Equal buckets of time, from `fromMs` on. */
export type Grid = { fromMs: number; bucketMs: number; count: number };

/** All that a forecast is reckoned from. */
export type ForecastInput = {
  /** Fires after it are ahead. */
  nowMs: number;
  grid: Grid;
  jobs: readonly ForecastJob[];
  queues: readonly ForecastQueue[];
  workers: readonly ForecastWorker[];
  runs: readonly RunNow[];
};

export const endOf = ({ fromMs, bucketMs, count }: Grid) => fromMs + bucketMs * count;
