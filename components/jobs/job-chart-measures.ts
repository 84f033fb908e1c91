export const CHART_TOP = 18;
export const CHART_UP = 68;
export const CHART_DOWN = 12;
/** y of the zero line. */
export const CHART_ZERO = CHART_TOP + CHART_UP;
/** With the words under the line. */
export const CHART_HEIGHT = CHART_ZERO + CHART_DOWN + 26;
