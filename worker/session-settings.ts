/**
 * Statements are planned once a session, for any number of rows, and where an index gives the order that is asked for
 * nothing is sorted: the live partition grows faster than its statistics (core/runs/by-key.sql.ts).
 */
export const SESSION_SETTINGS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_sort: 'off',
  enable_incremental_sort: 'off',
  // A bitmap is made whole before its first row is looked at: all runs of a job, to find whether there is one.
  enable_bitmapscan: 'off',
  // What is known by its id is looked up, and never a table read for it.
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};
