import type { Sql } from '../db.ts';

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
 WHERE dropped_at IS NOT NULL AND $1::bigint BETWEEN first_run_id AND last_run_id
 ORDER BY history_month.month
 LIMIT 1`;
