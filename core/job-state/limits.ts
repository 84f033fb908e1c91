/** Bytes of UTF-8; the CHECK `job_state_size` says the same. */
export const MOST_STATE_BYTES = 65_536;

/** How many versions of a job's state there are at most; the oldest goes when a new one is written. */
export const STATES_KEPT = 50;
