import type pg from 'pg';
import type { Logger } from 'pino';
import type { Environment } from '#core/environment.ts';
import { createAuditSealer } from './audit-sealer.ts';
import { createAutoPauser } from './auto-pauser.ts';
import type { Duty, DutyLoop } from './duty.ts';
import { createGapCounter } from './gap-counter.ts';
import { createLookout } from './lookout.ts';
import { createPlanner, reachOf } from './planner.ts';
import { createResumer } from './resumer.ts';
import { createStatistician } from './statistician.ts';
import { createTrialJudge } from './trial-judge.ts';

export type UpkeepConfig = {
  pool: pg.Pool;
  logger: Logger;
  environment: Environment;
  /** Of the worker's secret keys. */
  keyIds: readonly string[];
  /** Every duty of the worker, by name; grows while the worker starts. */
  loops: ReadonlyMap<string, DutyLoop>;
};

const REST_MS = 300_000;
// Health takes a planner that is 30 s late for one in trouble.
const PLANNER_REST_MS = 20_000;

/** How long a duty rests that the lookout wakes when there is something to do. */
export const restOf = ({ PUNCTUAL_POLL_MS: pollMs }: Environment) => Math.max(pollMs, REST_MS);

/** What any worker does for all jobs, whether it runs any of them or not; and the lookout, which wakes these and others. */
export function createUpkeep({ pool, logger, environment, keyIds, loops }: UpkeepConfig): Duty[] {
  const { PUNCTUAL_POLL_MS: pollMs, PUNCTUAL_RESCUE_MS: rescueMs } = environment;
  const planAheadMs = environment.PUNCTUAL_PLAN_AHEAD_MS;
  const intervalMs = restOf(environment);
  return [
    createLookout({
      pool,
      queues: environment.PUNCTUAL_WORKER_QUEUES,
      reachMs: reachOf(planAheadMs),
      keyIds,
      intervalMs: Math.min(pollMs, rescueMs),
      wakeIn: (name, ms) => loops.get(name)?.wakeIn(ms),
    }),
    createPlanner({
      pool,
      logger,
      planAheadMs,
      pollMs: Math.max(pollMs, PLANNER_REST_MS),
      dueSoonMs: 2 * pollMs + 5_000,
    }),
    createResumer({ pool, logger, intervalMs }),
    createAutoPauser({ pool, logger, intervalMs }),
    createGapCounter({ pool, logger, intervalMs }),
    createTrialJudge({ pool, logger, intervalMs }),
    createAuditSealer({ pool, intervalMs }),
    createStatistician({ pool, intervalMs }),
  ];
}
