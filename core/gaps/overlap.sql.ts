/** SQL: the first instant after a gap; infinity while it lasts. As the indexes gap_by_end and gap_end have it. */
export const endOfGap = (gap: string) => `coalesce(upper(${gap}.span), 'infinity'::timestamptz)`;

/**
 * SQL: whether a gap holds instants in [from, to), which are expressions; without `to`: at or after `from`. Never written
 * as `span && …`, which would ask the index of the exclusion constraint (decision 45).
 */
export const overlapsGap = (gap: string, from: string, to?: string) =>
  `${endOfGap(gap)} > ${from}${to === undefined ? '' : ` AND lower(${gap}.span) < ${to}`}`;
