import type pg from 'pg';
import { type Sql, transaction } from '#core/db.ts';
import { claimRuns } from '#core/runs/claim.sql.ts';
import { lockQueuesForClaim, readDueWork } from '#core/runs/due.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { readInfringements } from '#core/runs/limit.sql.ts';
import { NOBODY } from './registration.ts';

/**
 * Carries out the statements between a tick and its start once on each connection, for nobody: planning them takes tens
 * of milliseconds in a new session, and the first tick would pay for it.
 */
export async function warmUp(pool: pg.Pool, connections: number): Promise<void> {
  await Promise.all(Array.from({ length: connections }, () => transaction(pool, planStatements)));
}

async function planStatements(sql: Sql): Promise<void> {
  await readDueWork(sql, []);
  await readInfringements(sql, new Date());
  await lockQueuesForClaim(sql, []);
  await claimRuns(sql, { workerId: NOBODY, room: { slots: 1 }, queues: [], kinds: [], labels: {} });
  await finishAttemptsIfStillOwned(sql, []);
}
