/** Of numbers and ranges such as `1, 75-78`: a range that falls would match nothing. */
export function rangesRise(text: string): boolean {
  return text.split(',').every((part) => {
    const [low = '', high = low] = part.split('-');
    return Number(low) <= Number(high);
  });
}

export const RANGES_RISE = 'A range begins with the lower number, for example 200-299.';
