/**
 * SQL: whether the live run `o` goes before the waiting run `r` of the same job, apart from being held. What is tried
 * again stands before what is fresh, and runs of a backfill stand behind all others, also while they wait for a retry; of
 * those, only what is due counts.
 */
export const GOES_BEFORE = `(
  (o.attempt > 0 OR o.due_at <= statement_timestamp() OR (o.trigger = 'backfill') = (r.trigger = 'backfill'))
  AND (o.trigger = 'backfill', o.attempt = 0, o.due_at, o.id) < (r.trigger = 'backfill', r.attempt = 0, r.due_at, r.id))`;
