import { z } from 'zod';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/**
 * What is said of input where its schema has no sentence of its own: the field, what it may be, and what to do.
 * Whoever tells people what a schema refuses imports this file, so that nothing in the library's words reaches them.
 */
export function complaintAbout(issue: Issue): string {
  const field = fieldOf(issue.path);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `${field} is missing: give ${wordsFor(issue.expected)}.`
        : `${field} must be ${wordsFor(issue.expected)}. Change it.`;
    case 'invalid_value':
      return `${field} must be ${anyOf(issue.values.map(String))}. Choose ${issue.values.length > 1 ? 'one of them' : 'that'}.`;
    case 'too_big':
      return `${field} ${limit('most', issue.origin, issue.maximum)}. Give ${isSized(issue.origin) ? 'fewer' : 'less'}.`;
    case 'too_small':
      return `${field} ${limit('least', issue.origin, issue.minimum)}. Give more.`;
    case 'invalid_format':
      return `${field} isn’t written as ${FORMATS[issue.format] ?? 'it has to be'}. Correct it.`;
    case 'not_multiple_of':
      return `${field} must be a multiple of ${issue.divisor}. Change it.`;
    case 'unrecognized_keys':
      return `${field} has no part called ${issue.keys.join(' or ')}. Leave it out.`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? `${field} has a name that can’t be used. Choose another.`;
    case 'invalid_union':
      return unionComplaint(field, issue);
    default:
      return `${field} can’t be used as it is. Change it.`;
  }
}

z.config({ customError: complaintAbout });

function unionComplaint(field: string, issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const { options } = issue as { options?: readonly unknown[] };
  if (options && options.length > 0) {
    return `${field} must be ${anyOf(options.map(String))}. Choose one of them.`;
  }
  const expected = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) =>
      inner.code === 'invalid_type' && inner.path.length === 0 ? [wordsFor(inner.expected)] : [],
    ),
  );
  return expected.length === 0
    ? `${field} can’t be used as it is. Change it.`
    : `${field} must be ${anyOf([...new Set(expected)])}. Change it.`;
}

/** As it stands in the input: `retry.maxAttempts`, `jobIds[3]`. */
function fieldOf(path: readonly PropertyKey[] | undefined): string {
  if (!path || path.length === 0) return 'The input';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${shorten(String(part))}`))
    .join('')
    .replace(/^\./, '');
}

const shorten = (name: string) => (name.length > 80 ? `${name.slice(0, 80)}…` : name);

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date with its time',
  void: 'left out',
  undefined: 'left out',
  null: 'empty (null)',
};

const wordsFor = (expected: string) => WORDS[expected] ?? 'of another kind';

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'an address (URL)',
  datetime: 'an instant such as 2026-03-09T00:00:00Z',
};

const anyOf = (words: readonly string[]) =>
  words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? '');

const isSized = (origin: string) => ['string', 'array', 'set', 'map', 'record'].includes(origin);

function limit(end: 'most' | 'least', origin: string, value: number | bigint): string {
  const number = value.toLocaleString('en');
  if (!isSized(origin)) return `is at ${end} ${number}`;
  const [one, many] = origin === 'string' ? ['character', 'characters'] : ['entry', 'entries'];
  return `has at ${end} ${number} ${Number(value) === 1 ? one : many}`;
}
