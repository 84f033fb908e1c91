/** Of one job at once; what asks for more is refused. */
export const MOST_OF_A_JOB = 100;
/** Of several jobs together under `all`. */
export const MOST_TOGETHER = 1_000;
