/** How many runs or jobs one request may name. */
export const MOST_AT_ONCE = 500;
