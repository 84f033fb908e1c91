import type { Sql } from '../db.ts';

/** Parents of the months, in the order in which a month is dropped: a run never stands without its log for long. */
const PARENTS = ['log_chunk', 'attempt', 'run_done'] as const;

/**
 * A tick can become a run while its start deadline lasts, at most 31 days: no younger month may go, however short the
 * retention, or the run would find no place when it ends.
 */
export const LEAST_DAYS_OF_MONTHS = 32;

/** Makes the months from two behind to `ahead` ahead, where they are missing. Returns how many were. */
export async function makeMonths(sql: Sql, ahead: number): Promise<number> {
  const [row] = await sql<{ made: number }>(MAKE_MONTHS, [ahead]);
  return row?.made ?? 0;
}

const MAKE_MONTHS = `
SELECT (count(*) FILTER (WHERE make_month(
         (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m))::date)))::int AS made
  FROM generate_series(-2, $1::int) AS m`;

/** One table of one month. */
export type MonthTable = {
  /** `run_done_2026_08`. */
  name: string;
  parent: (typeof PARENTS)[number];
  /** `detaching`: somebody began to detach it and was cut off; `detached`: it only needs to be dropped. */
  state: 'attached' | 'detaching' | 'detached';
};

/** A month that may be archived or dropped. */
export type OldMonth = {
  /** `2026-08`. */
  month: string;
  /** In the order in which they go. */
  tables: MonthTable[];
  /** Past the longest retention that anyone asked for, and not brought back to be read. */
  mayGo: boolean;
  isArchived: boolean;
  /** When its archive began; rows that came since aren't in it. */
  begunAt: Date | null;
  /** It went once, and was brought back for a time that is over. */
  wasRestored: boolean;
};

/**
 * SQL: whether the database's clock has been about where it is since a day ago at least. One that was set ahead would call
 * all history old, within minutes: what goes by age waits for the next day of that clock, and by then it is set right.
 */
export const CLOCK_IS_TRUSTED =
  'EXISTS (SELECT FROM database_size WHERE day BETWEEN now()::date - 3 AND now()::date - 1)';

/**
 * Months that lie wholly past the installation's retention and to which no live run will come back; oldest first. A month
 * that still is there to be read isn't one of them.
 */
export async function readOldMonths(sql: Sql): Promise<OldMonth[]> {
  return sql<OldMonth>(OLD_MONTHS, [PARENTS, LEAST_DAYS_OF_MONTHS]);
}

const OLD_MONTHS = `
WITH month_table AS (
  SELECT c.relname AS name, p.parent, p.place,
         to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM') AS month,
         CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'detaching' ELSE 'attached' END AS state
    FROM unnest($1::text[]) WITH ORDINALITY AS p (parent, place)
    JOIN pg_class c ON c.relname ~ ('^' || p.parent || '_[0-9]{4}_[0-9]{2}$')
                   AND c.relkind = 'r' AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'run'::regclass)
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
), month AS (
  SELECT month, month::timestamp AT TIME ZONE 'UTC' AS from_at, (month + interval '1 month') AT TIME ZONE 'UTC' AS to_at,
         jsonb_agg(jsonb_build_object('name', name, 'parent', parent, 'state', state) ORDER BY place) AS tables
    FROM month_table GROUP BY month
)
SELECT to_char(m.month, 'YYYY-MM') AS month, m.tables,
       m.to_at <= now() - make_interval(days => greatest($2::int, i.retention_days, (SELECT max(retention_days) FROM job)))
         AS "mayGo",
       h.archived_at IS NOT NULL AS "isArchived", h.begun_at AS "begunAt", h.restored_at IS NOT NULL AS "wasRestored"
  FROM month m
 CROSS JOIN installation i
  LEFT JOIN history_month h ON h.month = m.month
 WHERE m.to_at <= now() - make_interval(days => greatest($2::int, i.retention_days))
   AND (h.restored_until IS NULL OR h.restored_until <= now())
   AND ${CLOCK_IS_TRUSTED}
   AND NOT EXISTS (SELECT FROM run r WHERE r.is_live AND r.scheduled_for >= m.from_at AND r.scheduled_for < m.to_at)
 ORDER BY m.month`;

/** Before its tables go: the ledger counts on nothing of it from now on. What it held is noted where no archive did. */
export async function noteDropped(sql: Sql, month: string): Promise<void> {
  await sql(NOTE_DROPPED, [`${month}-01`]);
}

const NOTE_DROPPED = `
INSERT INTO history_month AS m (month, dropped_at) VALUES ($1::date, now())
ON CONFLICT (month) DO UPDATE SET dropped_at = coalesce(m.dropped_at, now())`;

/** What a month without an archive held. */
export async function noteSize(
  sql: Sql,
  month: string,
  size: { runs: number; attempts: number; logs: number; first: number | null; last: number | null },
): Promise<void> {
  await sql(
    `UPDATE history_month SET runs = $2, attempts = $3, log_chunks = $4, first_run_id = $5, last_run_id = $6
      WHERE month = $1::date AND archived_at IS NULL`,
    [`${month}-01`, size.runs, size.attempts, size.logs, size.first, size.last],
  );
}

/** A month that was brought back has gone again. */
export async function noteGoneAgain(sql: Sql, month: string): Promise<void> {
  await sql(
    `UPDATE history_month SET restored_at = NULL, restored_by = NULL, restored_until = NULL WHERE month = $1::date`,
    [`${month}-01`],
  );
}

/**
 * SQL: the end of the newest month that went. From there on the ledger is whole as far as months go; before it, what is
 * there was brought back to be read, or is about to go.
 */
export const WHOLE_FROM = `
coalesce((SELECT (max(h.month) + interval '1 month') AT TIME ZONE 'UTC' FROM history_month h WHERE h.dropped_at IS NOT NULL),
         '-infinity'::timestamptz)`;
