import { refuse, type Refused } from './outcome.ts';

/**
 * Postgres stores no NUL character, and JSON columns no half of a surrogate pair. What a browser sends may hold both,
 * so that every input is looked through once, before its schema. Null when nothing is wrong.
 */
export function refuseUnstorable(input: unknown): Refused | null {
  // What a server action is sent may refer to itself.
  const seen = new Set<object>();
  const rest: { value: unknown; path: (string | number)[] }[] = [{ value: input, path: [] }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, path } = next;
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) continue;
      seen.add(value);
    }
    if (typeof value === 'string') {
      if (isUnstorable(value)) return complaint(path);
    } else if (Array.isArray(value)) {
      value.forEach((item: unknown, index) => rest.push({ value: item, path: [...path, index] }));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        if (isUnstorable(name)) return complaint(path);
        rest.push({ value: item, path: [...path, name] });
      }
    }
  }
  return null;
}

export const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed();

// A definition's own schema names its fields without the input that it came in; the editor looks for them so.
function complaint(whole: (string | number)[]): Refused {
  const path = whole[0] === 'definition' ? whole.slice(1) : whole;
  const field = path.length > 0 ? path.join('.') : 'The input';
  const message = `${field} holds a character that can’t be stored (NUL, or half of one). Remove it.`;
  return refuse('invalid', message, [{ path, message }]);
}
