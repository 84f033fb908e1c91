/** How many of a job's runs before a tick are looked through for the last that succeeded; beyond that there is none. */
const MOST_LOOKED_AT = 10_000;

// What a run did for its own time, and what one did that stood for a tick: each from the end of an index.
const LAST_SUCCESS_BEFORE = `
  SELECT max(latest.at) FROM (
    (SELECT d.at FROM (
      SELECT d.scheduled_for AS at, d.state, d.covers, d.for_tick FROM run_done d
      WHERE d.job_id = r.job_id AND d.scheduled_for < own.tick
      ORDER BY d.scheduled_for DESC LIMIT ${MOST_LOOKED_AT}) AS d
    WHERE d.state = 'succeeded' AND d.covers AND d.for_tick IS NULL ORDER BY d.at DESC LIMIT 1)
    UNION ALL
    (SELECT d.at FROM (
      SELECT d.for_tick AS at, d.state, d.covers FROM run_done d
      WHERE d.job_id = r.job_id AND d.for_tick < own.tick
      ORDER BY d.for_tick DESC LIMIT ${MOST_LOOKED_AT}) AS d
    WHERE d.state = 'succeeded' AND d.covers ORDER BY d.at DESC LIMIT 1)) AS latest`;

const OWN = `(SELECT coalesce(r.covers_to, r.for_tick, r.scheduled_for) AS tick) AS own
  LEFT JOIN job_progress p ON p.job_id = r.job_id`;

const IS_TEST_OF_EARLIER = `r.trigger = 'test' AND r.covers_to IS NOT NULL`;

/**
 * What a run `r` covers, and the version of the state that its job keeps, as (covers_from, covers_to, state_version): from the tick of the job's last success before its own. The job's
 * row of progress answers for all that is newer than that; only what comes out of order (an old tick that is made up for
 * later, runs side by side that overtake each other) is looked for in the ledger. A test of an earlier run's stretch
 * brings it along.
 */
export const STRETCH = `
  SELECT CASE
      WHEN ${IS_TEST_OF_EARLIER} THEN r.covers_from
      WHEN p.covered_until < own.tick THEN p.covered_until
      WHEN p.covered_until IS NOT NULL THEN (${LAST_SUCCESS_BEFORE})
    END, own.tick, coalesce(p.state_version, 0)
  FROM ${OWN}`;

/** The same of a run that comes in order; of another one no row. Its statement has no month of the ledger to prepare for. */
export const STRETCH_IN_ORDER = `
  SELECT CASE WHEN ${IS_TEST_OF_EARLIER} THEN r.covers_from ELSE p.covered_until END, own.tick, coalesce(p.state_version, 0)
  FROM ${OWN}
  WHERE (${IS_TEST_OF_EARLIER}) OR p.covered_until IS NULL OR p.covered_until < own.tick`;
