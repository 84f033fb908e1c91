import { createPool, sqlOf, transaction } from '#core/db.ts';
import { claimRuns } from '#core/runs/claim.sql.ts';
import { lockQueuesForClaim } from '#core/runs/due.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { makeWorker } from '#tests/support/runs.ts';
import { SESSION_SETTINGS } from '#worker/session-settings.ts';

const SLOTS = 20;

/** How long the claim of a worker with 20 free slots takes, ms, one value a claim, until nothing is due any more. */
export async function timeClaims(url: string): Promise<number[]> {
  const pool = createPool({
    url,
    max: 1,
    applicationName: 'benchmark',
    settings: SESSION_SETTINGS,
    isPipelined: true,
  });
  const sql = sqlOf(pool);
  const workerId = await makeWorker({ sql }, { leaseMs: 3_600_000 });
  const queues = ['default'];
  const tookMs: number[] = [];
  for (;;) {
    const beganAtMs = performance.now();
    const [, runs] = await transaction(
      pool,
      (own) =>
        Promise.all([
          lockQueuesForClaim(own, queues),
          claimRuns(own, { workerId, room: { slots: SLOTS }, queues, kinds: [], labels: {} }),
        ]),
      { isOneFlight: true, isBrief: true },
    );
    if (runs.length === 0) break;
    tookMs.push(performance.now() - beganAtMs);
    await finishAttemptsIfStillOwned(
      sql,
      runs.map((run) => endedAttempt(run, {})),
    );
  }
  await pool.end();
  return tookMs;
}
