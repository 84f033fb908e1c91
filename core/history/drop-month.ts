import { insertAuditEntries } from '../audit/audit.sql.ts';
import { countRows, hasRowsSince, tableOf } from '../archive/rows.sql.ts';
import { forgetMonth, forgetParts } from '../archive/months.sql.ts';
import type pg from 'pg';
import { type Sql } from '../db.ts';
import { errorCode } from '../error-code.ts';
import { announce } from '../events/events.ts';
import { inTransactionOf } from './alone.ts';
import {
  type MonthTable,
  noteDropped,
  noteGoneAgain,
  noteSize,
  type OldMonth,
} from './months.sql.ts';

/** `busy`: somebody reads it for long; the next pass goes on. `late`: rows came after it was archived: it is archived anew. */
export type DropResult = 'dropped' | 'busy' | 'late';

export type DropPatience = {
  /** How long it waits for those who read the month. */
  lockTimeoutMs: number;
};

/**
 * Detaches the tables of a month concurrently, so that nobody who finishes a run waits for somebody who reads history, and
 * drops them. The ledger stops counting on the month first; cut off anywhere, the next call goes on.
 *
 * @param client alone with history (aloneWithHistory), with no transaction open
 */
export async function dropMonth(
  sql: Sql,
  client: pg.ClientBase,
  old: OldMonth,
  { lockTimeoutMs }: DropPatience,
): Promise<DropResult> {
  const { month, tables } = old;
  if (await isLate(sql, old)) return 'late';
  await note(sql, client, old);
  await client.query(`SET lock_timeout = ${Math.floor(lockTimeoutMs)}`);
  await client.query(`SET statement_timeout = ${Math.max(10_000, Math.floor(lockTimeoutMs) * 2)}`);
  try {
    for (const table of tables) await detach(client, table);
    if (await isLate(sql, old)) return 'late';
    for (const { name } of tables) await client.query(`DROP TABLE IF EXISTS ${name}`);
  } catch (error) {
    if (isBusy(error)) return 'busy';
    throw error;
  } finally {
    await client.query('RESET lock_timeout; RESET statement_timeout');
  }
  if (old.wasRestored) await noteGoneAgain(sql, month);
  return 'dropped';
}

/** Whether the month has rows that its archive is without; it then is to be archived anew. */
async function isLate(
  sql: Sql,
  { month, tables, isArchived, begunAt }: OldMonth,
): Promise<boolean> {
  // Where some of them are gone the question was asked before.
  if (!isArchived || begunAt === null || tables.length < 3) return false;
  if (!(await hasRowsSince(sql, month, begunAt))) return false;
  await forgetMonth(sql, month);
  return true;
}

async function note(sql: Sql, client: pg.ClientBase, old: OldMonth): Promise<void> {
  const { month, tables, isArchived, wasRestored } = old;
  if (tables.length < 3) return;
  const size = isArchived ? null : await sizeOf(sql, month);
  await inTransactionOf(client, async () => {
    await noteDropped(sql, month);
    if (size) await noteSize(sql, month, size);
    // An archive of it that was begun is given up.
    await forgetParts(sql, month);
    await insertAuditEntries(sql, [
      {
        actor: 'Punctual',
        action: wasRestored ? 'history.drop_again' : 'history.drop',
        subject: `month:${month}`,
        before: null,
        after: isArchived ? { isArchived } : { isArchived, ...size },
        reason: '',
        address: null,
      },
    ]);
    await announce(sql, 'installation');
  });
}

async function sizeOf(sql: Sql, month: string) {
  const counts = await countRows(sql, month);
  const [ids] = await sql<{ first: number | null; last: number | null }>(
    `SELECT min(id) AS first, max(id) AS last FROM ${tableOf('runs', month)}`,
  );
  return { ...counts, ...ids! };
}

// Names come from the catalogue and match ^(run_done|attempt|log_chunk)_YYYY_MM$. Neither form may run prepared or in a
// transaction.
async function detach(client: pg.ClientBase, { name, parent, state }: MonthTable): Promise<void> {
  if (state === 'attached') {
    await client.query(`ALTER TABLE ${parent} DETACH PARTITION ${name} CONCURRENTLY`);
  } else if (state === 'detaching') {
    await client.query(`ALTER TABLE ${parent} DETACH PARTITION ${name} FINALIZE`);
  }
}

// Lock timeout, statement timeout; another partition is pending a detach.
function isBusy(error: unknown): boolean {
  return ['55P03', '57014', '55000'].includes(errorCode(error) ?? '');
}
