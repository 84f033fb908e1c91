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

/**
 * Tables of months that lie wholly past the longest retention that anyone asked for, and to which no live run will come
 * back; oldest first.
 */
export async function monthsPastRetention(sql: Sql): Promise<MonthTable[]> {
  return sql<MonthTable>(MONTHS_PAST_RETENTION, [PARENTS, LEAST_DAYS_OF_MONTHS]);
}

const MONTHS_PAST_RETENTION = `
WITH month_table AS (
  SELECT c.relname AS name, p.parent, p.place,
         to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC' AS from_at,
         (to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' AS to_at,
         CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'detaching' ELSE 'attached' END AS state
    FROM unnest($1::text[]) WITH ORDINALITY AS p (parent, place)
    JOIN pg_class c ON c.relname ~ ('^' || p.parent || '_[0-9]{4}_[0-9]{2}$')
                   AND c.relkind = 'r' AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'run'::regclass)
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
)
SELECT name, parent, state
  FROM month_table m
 WHERE m.to_at <= now() - make_interval(days => greatest($2::int, (SELECT retention_days FROM installation),
                                                          (SELECT max(retention_days) FROM job)))
   AND NOT EXISTS (SELECT FROM run r WHERE r.is_live AND r.scheduled_for >= m.from_at AND r.scheduled_for < m.to_at)
 ORDER BY m.from_at, m.place`;
