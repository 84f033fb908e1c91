import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { type Sql, sqlOf } from '../db.ts';
import { webPool } from '../prisma.ts';

/**
 * What became of a run that is no more, by its number alone; null where nothing is known of it. It says the same of every
 * number of a month, whoever asks: nothing of jobs.
 */
export async function readGoneRun(actor: Actor, runId: number): Promise<string | null> {
  authorizeForSome(actor, 'run:read');
  return Number.isSafeInteger(runId) && runId > 0 ? wordsOfGoneRun(sqlOf(webPool()), runId) : null;
}

/** A sentence for a number that is no run any more: the month that it was of, as ids follow time. Null: it isn't known. */
export async function wordsOfGoneRun(sql: Sql, runId: number): Promise<string | null> {
  const [row] = await sql<{ month: string; isArchived: boolean }>(MONTH_OF_RUN, [runId]);
  if (!row) return null;
  const { month, isArchived } = row;
  return isArchived
    ? `Run ${runId} is of ${month}, whose history is in the archive. An admin brings it back with \`punctual archive restore ${month}\`.`
    : `Run ${runId} was of ${month}, whose history was dropped as old, without an archive.`;
}

const MONTH_OF_RUN = `
SELECT to_char(month, 'YYYY-MM') AS month, archived_at IS NOT NULL AS "isArchived"
  FROM history_month
 WHERE dropped_at IS NOT NULL AND restored_until IS NULL AND $1::bigint BETWEEN first_run_id AND last_run_id
 ORDER BY history_month.month
 LIMIT 1`;
