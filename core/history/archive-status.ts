import type { Sql } from '../db.ts';
import { LEAST_DAYS_OF_MONTHS } from './months.sql.ts';

/** How history goes, and how its archive is. Instants are ISO 8601, months as `2026-03`. */
export type ArchiveStatus = {
  /** Null: months are dropped without an archive. */
  place: string | null;
  /** Since when it can't be used, and why; null: it can be, as far as is known. */
  failing: { since: string; why: string } | null;
  /** Months that are old enough to go, and wait: for the archive, for a run that is live, or for those who read them. */
  waiting: string[];
  /** The month that goes next, and when at the earliest. */
  next: { month: string; at: string } | null;
  archivedMonths: number;
  /** Of what is archived, packed. */
  archivedBytes: number;
  latestArchived: string | null;
  /** Brought back to be read, and until when. */
  restored: { month: string; until: string }[];
};

/** As of now; a few milliseconds, also with years of history. */
export async function readArchiveStatus(sql: Sql): Promise<ArchiveStatus> {
  const [row] = await sql<ArchiveStatus>(READ_STATUS, [LEAST_DAYS_OF_MONTHS]);
  return row!;
}

const ISO = (instant: string) =>
  `to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const READ_STATUS = `
WITH kept AS (
  SELECT greatest($1::int, i.retention_days, (SELECT max(retention_days) FROM job)) AS days FROM installation i
), month AS (
  SELECT m.month, (m.month + interval '1 month') AT TIME ZONE 'UTC' + make_interval(days => k.days) AS goes_at
    FROM (SELECT to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM') AS month
            FROM pg_inherits n JOIN pg_class c ON c.oid = n.inhrelid
           WHERE n.inhparent = 'run_done'::regclass) AS m
   CROSS JOIN kept k
   WHERE NOT EXISTS (SELECT FROM history_month h WHERE h.month = m.month AND h.restored_at IS NOT NULL)
)
SELECT a.place,
       CASE WHEN a.failing_since IS NOT NULL
            THEN jsonb_build_object('since', ${ISO('a.failing_since')}, 'why', a.failure) END AS failing,
       coalesce((SELECT array_agg(to_char(m.month, 'YYYY-MM') ORDER BY m.month) FROM month m WHERE m.goes_at <= now()), '{}') AS waiting,
       (SELECT jsonb_build_object('month', to_char(m.month, 'YYYY-MM'), 'at', ${ISO('m.goes_at')})
          FROM month m WHERE m.goes_at > now() ORDER BY m.month LIMIT 1) AS next,
       (SELECT count(*) FROM history_month WHERE archived_at IS NOT NULL)::int AS "archivedMonths",
       (SELECT coalesce(sum(stored_bytes), 0) FROM history_month WHERE archived_at IS NOT NULL)::float8 AS "archivedBytes",
       (SELECT to_char(max(month), 'YYYY-MM') FROM history_month WHERE archived_at IS NOT NULL) AS "latestArchived",
       coalesce((SELECT jsonb_agg(jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'until', ${ISO('restored_until')}) ORDER BY month)
                   FROM history_month WHERE restored_until > now()), '[]') AS restored
  FROM archive a`;
