import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Dialect } from './dialects/dialect.ts';
import type { DstRule } from './dst-rule.ts';
import { nextFiresOfLine } from './line-preview.ts';
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
  dialect: string;
  expression: string;
  tz?: string;
  from?: string;
  expected?: string[];
  at?: string;
  matches?: boolean;
  equivalent_to?: string;
  dst?: DstRule;
  dst_policy?: string;
}

/** In which of our dialects the lines of a source are read. */
const DIALECT_OF: Readonly<Record<string, Dialect>> = {
  'vixie-5': 'unix',
  unix: 'unix',
  croner: 'croner',
  croner11: 'croner',
  quartz: 'quartz',
  systemd: 'systemd',
  // Two more libraries, whose lines are closest to a crontab with seconds.
  'cron-parser': 'unix',
  'node-cron': 'unix',
};

const vectors = ['vectors.jsonl', 'dialect-vectors.jsonl'].flatMap((file) =>
  readFileSync(new URL(`./fixtures/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector),
);

/** Each difference is a list item that begins with the vector's id in backticks. */
const listed = new Set(
  [
    ...readFileSync(
      new URL('../../docs/schedules/differences.md', import.meta.url),
      'utf8',
    ).matchAll(/^- `([\w-]+)`/gm),
  ].map(([, id = '']) => id),
);

test.each(['unix', 'croner', 'quartz', 'systemd'] as const)(
  'every vector of %s holds, or stands in docs/schedules/differences.md',
  (dialect) => {
    const ours = vectors.filter((vector) => DIALECT_OF[vector.dialect] === dialect);
    expect(ours.length).toBeGreaterThan(100);
    const differing = ours.filter((vector) => !holds(vector));
    expect(differing.filter(({ id }) => !listed.has(id))).toEqual([]);
  },
);

test('every vector is run in a dialect, and none twice', () => {
  expect(vectors.filter(({ dialect }) => DIALECT_OF[dialect] === undefined)).toEqual([]);
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
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
  const { expected = [], from = SOME_TIMES[0] ?? '' } = vector;
  switch (vector.kind) {
    case 'invalid':
      return !firesAfter(vector, from, 1).ok;
    case 'never':
    case 'invalid-or-never':
      return firesAfter(vector, from, 1).fires === '';
    case 'valid':
      return firesAfter(vector, from, 1).ok;
    case 'invalid-tz':
      return checkTimeZone(vector.tz ?? '') !== null;
    case 'equivalent': {
      const other = { ...vector, expression: vector.equivalent_to ?? '' };
      return (vector.from === undefined ? SOME_TIMES : [vector.from]).every((time) => {
        const [one, two] = [firesAfter(vector, time, 50), firesAfter(other, time, 50)];
        return one.ok && two.ok && one.fires === two.fires;
      });
    }
    case 'next':
      return (
        firesAfter(vector, from, expected.length).fires === expected.map((time) => iso(time)).join()
      );
    case 'match': {
      const justBefore = new Date(Date.parse(vector.at ?? '') - 1_000).toISOString();
      return (firesAfter(vector, justBefore, 1).fires === iso(vector.at ?? '')) === vector.matches;
    }
  }
}

function firesAfter(vector: Vector, from: string, count: number): { ok: boolean; fires: string } {
  const answer = nextFiresOfLine({
    expression: vector.expression,
    dialect: DIALECT_OF[vector.dialect] ?? 'unix',
    timeZone: vector.tz,
    dst: vector.dst ?? ruleOf(vector.dst_policy),
    from: new Date(from),
    count,
  });
  if (!answer.ok) return { ok: false, fires: '' };
  return { ok: true, fires: answer.fires.map(({ ms }) => new Date(ms).toISOString()).join() };
}

/** The rule that a source was made with, where it isn't the one that its dialect has here. */
function ruleOf(policy: string | undefined): DstRule | undefined {
  return policy?.startsWith('gap-shift') ? { missing: 'shift', repeated: 'first' } : undefined;
}

function iso(time: string): string {
  return new Date(time).toISOString();
}
