import type { Sql } from '../db.ts';

/** About how many finished runs there are, and how many of them didn't succeed. */
export type HistorySize = { all: number; notWell: number };

/**
 * By the statistics that Postgres keeps of each month, of which the part counts that lies in the stretch: costs nothing,
 * and is near enough to choose how to count. What was never vacuumed counts as nothing in the index.
 */
export async function readHistorySize(sql: Sql, from: Date, to: Date): Promise<HistorySize> {
  const [row] = await sql<HistorySize>(READ_HISTORY_SIZE, [from, to]);
  return row!;
}

const READ_HISTORY_SIZE = `
WITH month AS (
  SELECT c.oid, greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)) AS runs,
         to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC' AS from_at
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'run_done'::regclass
), part AS (
  SELECT oid, runs,
         greatest(0, extract(epoch FROM least(from_at + interval '1 month', $2::timestamptz, now())
                                        - greatest(from_at, $1::timestamptz)))
         / greatest(1, extract(epoch FROM least(from_at + interval '1 month', greatest(now(), from_at)) - from_at)) AS share
    FROM month
)
SELECT coalesce(sum(runs * share), 0)::float8 AS all,
       coalesce(sum(share * (
         SELECT greatest(0, max(x.reltuples)) FROM pg_index n JOIN pg_class x ON x.oid = n.indexrelid
           JOIN pg_inherits ni ON ni.inhrelid = n.indexrelid
          WHERE n.indrelid = part.oid AND ni.inhparent = 'run_done_by_state'::regclass)), 0)::float8 AS "notWell"
  FROM part`;
