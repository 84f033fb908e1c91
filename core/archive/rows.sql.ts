import type { Sql } from '../db.ts';
import type { Content } from './manifest.ts';

/** A row as a line of JSON, and where it stands: ids of runs (of gaps their own), then the number within the run. */
export type ArchivedRow = { id: number; number: number; line: string };
/** Behind which row to go on. */
export type Position = { id: number; number: number };

export const START: Position = { id: -1, number: -1 };

/** The table that the rows of a content stand in; of gaps, all of them. `month`: `2026-03`. */
export function tableOf(content: Content, month: string): string {
  if (!/^\d{4}-\d{2}$/.test(month)) throw new TypeError(`${month} is no month.`);
  return content === 'gaps' ? 'gap' : `${PARENT[content]}_${month.replace('-', '_')}`;
}

export const PARENT = {
  runs: 'run_done',
  attempts: 'attempt',
  logs: 'log_chunk',
  gaps: 'gap',
} as const;

/** The parents of months, in the order in which a month is dropped: a run never stands without its log for long. */
export const MONTH_CONTENTS = ['logs', 'attempts', 'runs'] as const;

/**
 * The next rows behind a position, some 4 MB of them at most. Pages, not one long statement: a snapshot that lasts as long
 * as an archive takes would keep the vacuum from the ledger's live rows.
 */
export function readPage(
  sql: Sql,
  content: Content,
  month: string,
  after: Position,
): Promise<ArchivedRow[]> {
  const values = content === 'gaps' ? [after.id, `${month}-01`] : [after.id, after.number];
  if (content === 'runs') values.pop();
  return sql<ArchivedRow>(PAGES[content](tableOf(content, month)), values);
}

const PAGES: Readonly<Record<Content, (table: string) => string>> = {
  runs: (table) => `
SELECT id, 0 AS number, row_to_json(r)::text AS line FROM ${table} r
 WHERE id > $1::bigint ORDER BY id LIMIT 500`,
  attempts: (table) => `
SELECT run_id AS id, a.number, row_to_json(a)::text AS line FROM ${table} a
 WHERE (run_id, a.number) > ($1::bigint, $2::int) ORDER BY run_id, a.number LIMIT 500`,
  logs: (table) => `
SELECT run_id AS id, seq AS number, row_to_json(c)::text AS line
  FROM ${table} c
  JOIN (SELECT run_id, seq, byte_count, sum(byte_count) OVER (ORDER BY run_id, seq) AS upto
          FROM (SELECT run_id, seq, byte_count FROM ${table}
                 WHERE (run_id, seq) > ($1::bigint, $2::int) ORDER BY run_id, seq LIMIT 256) AS near) AS page
    USING (run_id, seq)
 WHERE page.upto - page.byte_count < 4000000
 ORDER BY run_id, seq`,
  // A gap belongs to the month in which it ends.
  gaps: () => `
SELECT id, 0 AS number, row_to_json(g)::text AS line FROM gap g
 WHERE id > $1::bigint AND ticks IS NOT NULL AND NOT upper_inf(span)
   AND upper(span) > ($2::date)::timestamp AT TIME ZONE 'UTC'
   AND upper(span) <= ($2::date + interval '1 month') AT TIME ZONE 'UTC'
 ORDER BY id LIMIT 500`,
};

/** Columns of a content's table, in order. */
export async function columnsOf(sql: Sql, content: Content): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = to_regclass($1::text) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [PARENT[content]],
  );
  return rows.map(({ name }) => name);
}

/** How many rows of each content the month's own tables have. */
export async function countRows(
  sql: Sql,
  month: string,
): Promise<Record<(typeof MONTH_CONTENTS)[number], number>> {
  const [row] = await sql<Record<(typeof MONTH_CONTENTS)[number], number>>(
    `SELECT (SELECT count(*) FROM ${tableOf('runs', month)}) AS runs,
            (SELECT count(*) FROM ${tableOf('attempts', month)}) AS attempts,
            (SELECT count(*) FROM ${tableOf('logs', month)}) AS logs`,
  );
  return row!;
}

/** Whether a row of the month's tables came at or after an instant: an archive that began then may be without it. */
export async function hasRowsSince(sql: Sql, month: string, since: Date): Promise<boolean> {
  const [row] = await sql<{ late: boolean }>(
    `SELECT EXISTS (SELECT FROM ${tableOf('runs', month)} WHERE finished_at >= $1::timestamptz)
         OR EXISTS (SELECT FROM ${tableOf('attempts', month)} WHERE finished_at >= $1::timestamptz)
         OR EXISTS (SELECT FROM ${tableOf('logs', month)} WHERE stored_at >= $1::timestamptz) AS late`,
    [since.toISOString()],
  );
  return row!.late;
}
