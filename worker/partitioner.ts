import type pg from 'pg';
import type { Logger } from 'pino';
import { errorCode, type Sql, sqlOf } from '#core/db.ts';
import { makeMonths, type MonthTable, monthsPastRetention } from '#core/history/months.sql.ts';
import type { Duty } from './duty.ts';

export type PartitionerConfig = {
  pool: pg.Pool;
  logger: Logger;
  intervalMs?: number;
  /** How long a drop waits for those who read the month, before it leaves it for the next pass. */
  lockTimeoutMs?: number;
};

const MONTHS_AHEAD = 3;
/** One worker at a time drops; the number means nothing. */
const LOCK = 7_310_420_216;

/**
 * Keeps the months of the ledger: three ahead are made, those past the longest retention dropped (rule 13). A month is
 * detached concurrently and then dropped, so that nobody who finishes a run waits for somebody who reads history.
 */
export function createPartitioner({
  pool,
  logger,
  intervalMs = 3_600_000,
  lockTimeoutMs = 3_000,
}: PartitionerConfig): Duty {
  return { name: 'partitioner', intervalMs, runOnce };

  async function runOnce() {
    const made = await makeMonths(sqlOf(pool), MONTHS_AHEAD);
    const dropped = await dropAlone();
    return { counts: { made, dropped } };
  }

  async function dropAlone(): Promise<number> {
    const client = await pool.connect();
    const sql = sqlOf(client);
    let isBroken = true;
    try {
      const [lock] = await sql<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
        LOCK,
      ]);
      const dropped = lock?.held ? await dropPast(client, sql) : 0;
      if (lock?.held) await sql('SELECT pg_advisory_unlock($1)', [LOCK]);
      await client.query('RESET lock_timeout');
      isBroken = false;
      return dropped;
    } finally {
      // A connection in an unknown state takes its lock and its setting with it.
      client.release(isBroken);
    }
  }

  async function dropPast(client: pg.ClientBase, sql: Sql): Promise<number> {
    await client.query(`SET lock_timeout = ${Math.floor(lockTimeoutMs)}`);
    let dropped = 0;
    for (const table of await monthsPastRetention(sql)) {
      try {
        await drop(client, table);
        dropped += 1;
      } catch (error) {
        if (!isBusy(error)) throw error;
        logger.info({ table: table.name }, 'month is being read; dropping it at the next pass');
        return dropped;
      }
    }
    return dropped;
  }
}

async function drop(client: pg.ClientBase, { name, parent, state }: MonthTable): Promise<void> {
  // Names come from the catalogue and match ^(run_done|attempt|log_chunk)_YYYY_MM$. None of the two may run prepared or
  // in a transaction.
  if (state === 'attached') {
    await client.query(`ALTER TABLE ${parent} DETACH PARTITION ${name} CONCURRENTLY`);
  } else if (state === 'detaching') {
    await client.query(`ALTER TABLE ${parent} DETACH PARTITION ${name} FINALIZE`);
  }
  await client.query(`DROP TABLE IF EXISTS ${name}`);
}

// Lock timeout, statement timeout; another partition is pending a detach.
function isBusy(error: unknown): boolean {
  return ['55P03', '57014', '55000'].includes(errorCode(error) ?? '');
}
