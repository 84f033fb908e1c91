/** One field of what an entry says was before and after; undefined: it wasn't there. */
export type ChangedValue = { name: string; before: unknown; after: unknown; isSame: boolean };

/**
 * The fields of both sides, in the order in which they come, each with what it was and is. What isn't an object is one
 * field without a name.
 */
export function changedValues(before: unknown, after: unknown): ChangedValue[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names.map((name) => ({
    name,
    before: was.get(name),
    after: is.get(name),
    isSame: was.has(name) && JSON.stringify(was.get(name)) === JSON.stringify(is.get(name)),
  }));
}

function fieldsOf(value: unknown): Map<string, unknown> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) return new Map([['', value]]);
  return new Map(Object.entries(value));
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
export const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && INSTANT.test(value);

/** `maxRunning` is "max running"; it is what the program calls it, made readable. */
export const readableName = (name: string) =>
  name
    .replaceAll(
      /([a-z\d])([A-Z])/g,
      (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
    )
    .replaceAll(/[_.]/g, ' ');

/** A value that is no text in one line, or in several where it is large. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) {
    return value.join(', ');
  }
  const short = JSON.stringify(value);
  return short.length <= 80 ? short : JSON.stringify(value, null, 2);
}
