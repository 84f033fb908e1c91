/**
 * Rows in the order in which they were shown, with their newest content. A row that went away stays as it was until the
 * order is taken over; new ones wait.
 */
export function inHeldOrder<Row extends { id: number }>(
  held: readonly Row[],
  newest: readonly Row[],
): Row[] {
  const now = new Map(newest.map((row) => [row.id, row]));
  return held.map((row) => now.get(row.id) ?? row);
}

export function isSameOrder(
  held: readonly { id: number }[],
  newest: readonly { id: number }[],
): boolean {
  return held.length === newest.length && held.every((row, index) => row.id === newest[index]?.id);
}
