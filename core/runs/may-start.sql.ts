import { BEFORE_IN_JOB, GOES_BEFORE } from './order-in-job.sql.ts';

/**
 * Whether the due run `r` may start as far as its job is concerned. A run occupies its job while it is running and
 * while it waits for a retry; held runs don't count.
 */
const JOB_HAS_ROOM = `
  CASE
    WHEN r.overlap <> 'allow' THEN NOT EXISTS (
      SELECT 1 FROM run_live o WHERE o.job_id = r.job_id AND o.hold IS NULL AND ${GOES_BEFORE})
    WHEN r.max_parallel IS NULL THEN true
    ELSE r.max_parallel > (SELECT count(*) FROM (${BEFORE_IN_JOB} LIMIT r.max_parallel) AS before)
  END`;

/**
 * Whether the due run `r` may start on a worker with these labels (an object) and kinds (an array; empty: all), as far as
 * its job and its time are concerned.
 */
export const mayStart = ({ labels, kinds }: { labels: string; kinds: string }) => `
      (r.attempt > 0 OR r.start_by IS NULL OR r.start_by > statement_timestamp())
      AND (r.runs_on IS NULL OR r.runs_on <@ ${labels}::jsonb)
      AND (cardinality(${kinds}::text[]) = 0 OR r.kind = ANY (${kinds}::text[]))
      AND ${JOB_HAS_ROOM}`;
