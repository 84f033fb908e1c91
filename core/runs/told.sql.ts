import { CONSOLE_CHANNEL, WORK_CHANNEL } from '../db.ts';

/**
 * A CTE `told` that announces the runs of the CTE `changed` (which has `id`) within the statement itself: a statement
 * that ends or starts a thousand runs tells it once, without a second round trip. The statement must read `told`, or
 * Postgres doesn't carry it out: `SELECT …, (SELECT count(*) FROM told) FROM changed`.
 *
 * Beyond 200 ids the list is empty, which means "many": a notification holds 8,000 bytes.
 */
export const TELL_CONSOLE = `told AS MATERIALIZED (
  SELECT pg_notify('${CONSOLE_CHANNEL}', json_build_object(
    'topic', 'run',
    'ids', CASE WHEN count(*) <= 200 THEN json_agg(id) ELSE '[]'::json END)::text)
  FROM changed HAVING count(*) > 0
)`;

/** The expression that wakes every worker that listens, for use in a CTE that is read. */
export const wakeWorkers = (signal: 'look' | 'cancel' | 'message') =>
  `pg_notify('${WORK_CHANNEL}', '{"signal":"${signal}"}')`;
