import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, wrongIn } from './judge.ts';
import { spoiling, spoilt } from './mutations.ts';

const answer = (status: number, said: Call['answer']['said'], text = '') => ({
  status,
  said,
  text,
});
const REFUSED = answer(200, { ok: false, code: 'invalid' });
const call = (more: Partial<Call>): Call => ({
  name: 'app/(console)/jobs/actions.ts#triggerJobs',
  kind: 'action',
  isOpen: false,
  answer: REFUSED,
  changed: [],
  entries: [],
  usual: { changed: new Set(['run']), entries: new Set(['job.trigger']) },
  ...more,
});
const DONE = answer(200, { ok: true, code: null });

describe('fault 35: the judge', () => {
  test.each<[string, Partial<Call>]>([
    ['a refusal', {}],
    ['a refusal of what can’t be decoded', { answer: answer(400, null, 'This can’t be read.') }],
    ['what was asked', { answer: DONE, changed: ['run'], entries: ['job.trigger'] }],
    [
      'a sign-in that failed and says so in the trail',
      { isOpen: true, entries: ['session.refused'] },
    ],
  ])('lets %s pass', (_what, more) => {
    expect(wrongIn(call(more))).toEqual([]);
  });

  test.each<[string, Partial<Call>]>([
    ['a 500', { answer: answer(500, null) }],
    ['a refusal that nobody expects', { answer: answer(200, { ok: false, code: 'unexpected' }) }],
    [
      'a session that isn’t known any more',
      { answer: answer(200, { ok: false, code: 'signed_out' }) },
    ],
    ['an answer that can’t be read', { answer: answer(200, null, '0:E{"digest":"1"}') }],
    ['a change under a refusal', { changed: ['run'] }],
    ['an entry under a refusal', { entries: ['job.trigger'] }],
    ['a change of something else', { answer: DONE, changed: ['user'] }],
    ['an entry of something else', { answer: DONE, entries: ['user.grants'] }],
    ['a change by what can’t be decoded', { answer: answer(400, null), changed: ['job'] }],
    ['a read that changes', { kind: 'route', answer: answer(400, null), changed: ['job'] }],
    ['a route that fails', { kind: 'route', answer: answer(503, null) }],
    ...[
      'TypeError: x is not a function',
      '    at read (file:///srv/punctual/core/jobs/reads.ts:12:3)',
      '{"code":"invalid_type"} "invalid_type"',
      'Invalid input: expected string, received number',
      'invalid input syntax for type bigint: "x"',
      'new row violates check constraint "job_key"',
      'Invalid `prisma.user.findUnique()` invocation',
    ].map((text): [string, Partial<Call>] => [text, { answer: { ...REFUSED, text } }]),
  ])('CONTROL: finds %s', (_what, more) => {
    expect(wrongIn(call(more))).toHaveLength(1);
  });
});

describe('fault 35: spoiling', () => {
  test('leaves what it was given as it was, and mostly makes something else of it', () => {
    const given = { jobIds: [1, 2], note: 'x', end: { until: '2026-11-21T00:00:00Z' } };
    const before = structuredClone(given);
    let same = 0;
    fc.assert(
      fc.property(spoiling, (steps) => {
        const made = spoilt(given, steps);
        expect(given).toEqual(before);
        try {
          expect(made).toStrictEqual(before);
          same += 1;
        } catch {
          // Another one: what it is for.
        }
      }),
      { numRuns: 500 },
    );
    expect(same).toBeLessThan(100);
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  });

  test('makes the same of the same seed', () => {
    const sample = () => JSON.stringify(fc.sample(spoiling, { numRuns: 50, seed: 7 }));
    expect(sample()).toBe(sample());
  });
});
