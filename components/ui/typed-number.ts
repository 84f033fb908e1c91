/** The decimal number that was typed, with a point or a comma; NaN when it is none. */
export function numberOf(typed: string): number {
  const text = typed.trim().replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
