import { expect, test } from 'vitest';
import { z } from 'zod';
import { JobDefinition, type JobDefinitionInput } from './jobs/definition.ts';
import { refuseInvalid } from './refuse-invalid.ts';
import { QueueInput } from './queues/queues.ts';
import { ListRuns } from './runs/filters.ts';
import { TriggerJob } from './runs/trigger.ts';

const definition: JobDefinitionInput = {
  key: 'nightly',
  work: {
    kind: 'http',
    url: 'https://example.com/',
    headers: [{ name: 'x-a', value: 'b' }],
    body: '',
  },
  schedule: { type: 'cron', lines: ['0 0 * * *'], timeZone: 'UTC' },
  mayRunTwice: false,
  retry: { maxAttempts: 2, byCause: [{ cause: 'exit_code', codes: '1', answer: 'never' }] },
  parameters: [{ name: 'a', type: 'choice', choices: ['x'], default: 'x' }],
  labels: { team: 'a' },
  fields: { cost: 'low' },
  priority: 0,
  queue: 'default',
  timeoutMs: 5_000,
  owner: 'me',
  runbookUrl: '',
  retentionDays: 3,
};
const WRONG = [undefined, null, true, -1, 1.5, 1e300, Number.NaN, '', 'x\0', [], [null], {}, 7n];
const LIBRARY_WORDS = /invalid|expected|received|too (big|small)|NaN|unrecognized|undefined/i;

test('no wrong value at any place of any input is answered in the words of the schema library', () => {
  for (const [schema, good] of [
    [JobDefinition, definition],
    [TriggerJob, { jobId: 1, parameters: { a: 1 }, note: '' }],
    [QueueInput, { name: 'q', description: '', maxRunning: 1, maxWaiting: 1, defaultTimeoutMs: 1 }],
    [ListRuns, { states: ['failed'], workerId: '1', from: '2026-01-01T00:00:00Z', limit: '5' }],
  ] as const) {
    for (const bad of spoiled(good)) {
      const parsed = schema.safeParse(bad);
      if (parsed.success) continue;
      const { refusal } = refuseInvalid(parsed.error);
      for (const message of [refusal.message, ...refusal.fields!.map((field) => field.message)]) {
        expect(message).not.toMatch(LIBRARY_WORDS);
        expect(message).toMatch(/[.]$/);
      }
    }
  }
});

test('the check above would notice the library’s own words', () => {
  const { customError } = z.config();
  z.config({ customError: undefined });
  try {
    const parsed = JobDefinition.safeParse({ ...definition, priority: 'high' });
    expect(parsed.error!.issues[0]!.message).toMatch(LIBRARY_WORDS);
  } finally {
    z.config({ customError });
  }
});

test('a complaint names the field, what it may be and what to do', () => {
  const sentence = (change: object) =>
    JobDefinition.safeParse({ ...definition, ...change }).error!.issues[0]!.message;
  expect(sentence({ priority: 'high' })).toBe('priority must be a number. Change it.');
  expect(sentence({ priority: 9 })).toBe('priority is at most 2. Give less.');
  expect(sentence({ overlap: 'maybe' })).toMatch(
    /^overlap must be skip, queue_one, .* or allow\. Choose one of them\.$/,
  );
  expect(sentence({ retry: { withinMs: 1 } })).toBe('retry.withinMs is at least 1,000. Give more.');
  expect(sentence({ fields: { a: 'x'.repeat(2_001) } })).toBe(
    'fields.a has at most 2,000 characters. Give fewer.',
  );
  expect(sentence({ work: undefined })).toBe('work is missing: give an object.');
  expect(sentence({ parameters: [{ name: 'a', type: 'text', default: {} }] })).toBe(
    'parameters[0].default must be text, a number or true or false. Change it.',
  );
});

/** The input with each of its parts, one at a time, replaced by each wrong value. */
function* spoiled(good: unknown): Generator {
  yield* WRONG;
  if (typeof good !== 'object' || good === null) return;
  for (const [name, part] of Object.entries(good)) {
    for (const bad of spoiled(part)) {
      yield Array.isArray(good)
        ? good.map((item: unknown, index) => (String(index) === name ? bad : item))
        : { ...good, [name]: bad };
    }
  }
}
