/** SQL: the first instant after a gap; infinity while it lasts. As the index gap_by_end has it, for the gaps of a job. */
export const endOfGap = (gap: string) => `coalesce(upper(${gap}.span), 'infinity'::timestamptz)`;

/** The same as the index gap_end has it, for the gaps of all jobs. */
export const endOfAnyGap = (gap: string) => `least(${endOfGap(gap)}, 'infinity'::timestamptz)`;

/**
 * SQL: whether a gap of a job holds instants in [from, to), expressions with from < to; without `to`: at or after `from`. Never
 * written as `span && …`, which would ask the index of the exclusion constraint (decision 45).
 */
export const overlapsGap = (gap: string, from: string, to?: string) =>
  `${endOfGap(gap)} > ${from}${to === undefined ? '' : ` AND lower(${gap}.span) < ${to}`}`;
