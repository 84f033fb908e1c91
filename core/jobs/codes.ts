/** Whether a list of numbers and ranges such as `1, 75-78` has this one in it. */
export function includesCode(codes: string, code: number | undefined): boolean {
  if (code === undefined) return false;
  return codes.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return from <= code && code <= to;
  });
}
