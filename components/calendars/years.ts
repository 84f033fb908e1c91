export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2999;

/** The year that an address asks for, or this one. */
export function yearIn(given: number | null, thisYear: number): number {
  const isYear =
    given !== null && Number.isInteger(given) && given >= FIRST_YEAR && given <= LAST_YEAR;
  return isYear ? given : thisYear;
}
