import type { Sql } from '../db.ts';
import { WHOLE_FROM } from './months.sql.ts';

/**
 * SQL: from where on the ledger of the job `j` is whole, beside the installation `i`: as long as its history is kept, and
 * not before the months that went and what its own rule took, however long it is kept by now.
 */
export const KEPT_FROM = `
greatest(now() - make_interval(days => coalesce(j.retention_days, i.retention_days)), ${WHOLE_FROM},
         (SELECT h.kept_from FROM job_history h WHERE h.job_id = j.id))`;

/** What is known of a job's history before it is kept. */
export type KeptHistory = {
  bornAt: Date;
  keptFrom: Date;
  /** Months before it that are in the archive, and those of them that were brought back to be read, oldest first. */
  archived: string[];
  restored: string[];
  /** Months that went without an archive, oldest first. */
  gone: string[];
  /** Its own rule took something, before this. */
  prunedTo: Date | null;
};

/** Null: there is no such job. Only months since the job was made count. */
export async function readKeptHistory(sql: Sql, jobId: number): Promise<KeptHistory | null> {
  const [row] = await sql<KeptHistory>(READ_KEPT_HISTORY, [jobId]);
  return row ?? null;
}

const months = (condition: string) =>
  `coalesce((SELECT array_agg(to_char(m.month, 'YYYY-MM') ORDER BY m.month) FROM history_month m
     WHERE m.dropped_at IS NOT NULL AND (m.month + interval '1 month') AT TIME ZONE 'UTC' > j.created_at AND ${condition}), '{}')`;

const READ_KEPT_HISTORY = `
SELECT j.created_at AS "bornAt", ${KEPT_FROM} AS "keptFrom",
       ${months('m.archived_at IS NOT NULL')} AS archived,
       ${months('m.restored_until > now()')} AS restored,
       ${months('m.archived_at IS NULL')} AS gone,
       (SELECT h.kept_from FROM job_history h WHERE h.job_id = j.id) AS "prunedTo"
  FROM job j CROSS JOIN installation i WHERE j.id = $1::int`;
