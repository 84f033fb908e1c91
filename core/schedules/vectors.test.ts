import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fires } from './fires.ts';
import { checkCronLine } from './check-schedule.ts';
import type { Schedule } from './schedule.ts';
import { checkTimeZone } from './zone-names.ts';

/** A fact from another project's published tests, or from an oracle that walks the clock. */
interface Vector {
  id: string;
  kind:
    | 'next'
    | 'match'
    | 'never'
    | 'invalid'
    | 'invalid-or-never'
    | 'valid'
    | 'equivalent'
    | 'invalid-tz';
  expression: string;
  tz?: string;
  from?: string;
  expected?: string[];
  at?: string;
  matches?: boolean;
  equivalent_to?: string;
}

const vectors = readFileSync(new URL('./fixtures/vectors.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

/** Each difference is a list item that begins with the vector's id in backticks. */
const listed = new Set(
  [
    ...readFileSync(
      new URL('../../docs/schedules/differences.md', import.meta.url),
      'utf8',
    ).matchAll(/^- `([\w-]+)`/gm),
  ].map(([, id = '']) => id),
);

test('every vector holds, or stands in docs/schedules/differences.md', () => {
  const differing = vectors.filter((vector) => !holds(vector));
  expect(differing.filter(({ id }) => !listed.has(id))).toEqual([]);
});

test('whatever docs/schedules/differences.md lists does differ', () => {
  const known = new Map(vectors.map((vector) => [vector.id, vector]));
  const stale = [...listed].filter((id) => {
    const vector = known.get(id);
    return vector === undefined || holds(vector);
  });
  expect(stale).toEqual([]);
});

const SOME_TIMES = ['2024-01-01T00:00:00Z', '2025-06-14T12:34:56Z', '2027-12-30T23:59:59Z'];

function holds(vector: Vector): boolean {
  const { expression, expected = [], from = SOME_TIMES[0] ?? '' } = vector;
  const problem = checkCronLine(expression, 'UTC', new Date(from));
  switch (vector.kind) {
    case 'invalid':
    case 'never':
    case 'invalid-or-never':
      return problem !== null;
    case 'valid':
      return problem === null;
    case 'invalid-tz':
      return checkTimeZone(vector.tz ?? '') !== null;
    case 'equivalent':
      return SOME_TIMES.every(
        (time) =>
          after(vector, time, 50) ===
          after({ ...vector, expression: vector.equivalent_to ?? '' }, time, 50),
      );
    case 'next':
      return after(vector, from, expected.length) === expected.map((time) => iso(time)).join();
    case 'match': {
      const justBefore = new Date(Date.parse(vector.at ?? '') - 1_000).toISOString();
      return (after(vector, justBefore, 1) === iso(vector.at ?? '')) === vector.matches;
    }
  }
}

/** The next fires as one text, or what is wrong with the line. */
function after({ expression, tz = 'UTC' }: Vector, from: string, limit: number): string {
  const problem = checkCronLine(expression, tz, new Date(from));
  if (problem !== null) return problem;
  const schedule: Schedule = { type: 'cron', lines: [expression], timeZone: tz };
  return [...fires(schedule, { after: new Date(from), limit })]
    .map(({ at }) => at.toISOString())
    .join();
}

function iso(time: string): string {
  return new Date(time).toISOString();
}
