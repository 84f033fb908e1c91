import type pg from 'pg';
import { type Sql, transaction } from '#core/db.ts';
import { claimAlone, lookForAlone } from '#core/runs/claim-alone.sql.ts';
import { claimRuns } from '#core/runs/claim.sql.ts';
import { lockQueuesForClaim, readCrowdedQueues, readDueWork } from '#core/runs/due.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { readInfringements } from '#core/runs/limit.sql.ts';
import { NOBODY } from './registration.ts';

/**
 * Carries out the statements between a tick and its start once on each connection, for nobody: planning them takes tens
 * of milliseconds in a new session or after new statistics, and the first tick would pay for it.
 */
export async function warmUp(pool: pg.Pool): Promise<void> {
  const sessions = Array.from({ length: pool.options.max }, () => planStatements);
  await Promise.all(sessions.map((plan) => transaction(pool, plan)));
}

// No queue has an empty name.
const NO_QUEUE = '';
const NOTHING_IS_DUE_AFTER = new Date('9999-01-01');

async function planStatements(sql: Sql): Promise<void> {
  await lookForAlone(sql, [NO_QUEUE]);
  await claimAlone(sql, { workerId: NOBODY, kinds: [], labels: {}, jobsBeyond: [] });
  await readDueWork(sql, []);
  await readInfringements(sql, NOTHING_IS_DUE_AFTER);
  await lockQueuesForClaim(sql, []);
  await claimRuns(sql, { workerId: NOBODY, room: { slots: 1 }, queues: [], kinds: [], labels: {} });
  await readCrowdedQueues(sql, [], 1);
  await finishAttemptsIfStillOwned(sql, []);
}
