/**
 * Statements are planned once a session, for any number of rows, and where an index gives the order that is asked for
 * nothing is sorted: the live partition grows faster than its statistics (core/runs/by-key.sql.ts).
 */
export const SESSION_SETTINGS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_sort: 'off',
  enable_incremental_sort: 'off',
  jit: 'off',
};
