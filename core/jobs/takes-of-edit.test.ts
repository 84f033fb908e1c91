import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../schedules/schedule.ts';
import { JobDefinition, type JobDefinitionInput } from './definition.ts';
import { EDIT_PERMISSIONS, runsOnHost, takesOfCreation, takesOfEdit } from './takes-of-edit.ts';

const hourly = {
  type: 'interval',
  everyMs: 3_600_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
} satisfies Schedule;
const WORK = {
  http: { kind: 'http', url: 'https://example.org/ping' },
  command: { kind: 'command', program: '/bin/true' },
  script: { kind: 'script', text: 'true' },
} as const;

const definitionOf = (given: Partial<JobDefinitionInput> = {}): JobDefinition =>
  JobDefinition.parse({
    key: 'nightly',
    work: WORK.http,
    schedule: hourly,
    mayRunTwice: false,
    parameters: [{ name: 'region', type: 'choice', choices: ['eu', 'us'], default: 'eu' }],
    ...given,
  });

/** Changes of one part each, with what they take of an HTTP job and of one on a host. */
const CHANGES: [Partial<JobDefinitionInput>, http: string, host: string][] = [
  [{ key: 'nightly-2' }, 'job:write', 'job:write'],
  [{ schedule: { type: 'manual' } }, 'job:write_when', 'job:write_when'],
  [{ schedule: { ...hourly, jitterMs: 1_000 } }, 'job:write_when', 'job:write_when'],
  [
    { schedule: { ...hourly, calendar: { key: 'office', onlyOn: 'business_days' } as never } },
    'job:write_when',
    'job:write_when',
  ],
  [{ catchUp: 'all' }, 'job:write_when', 'job:write_when'],
  [{ catchUpMost: 7 }, 'job:write_when', 'job:write_when'],
  [{ catchUpPerMinute: 7 }, 'job:write_when', 'job:write_when'],
  [{ startDeadlineMs: 60_000 }, 'job:write_when', 'job:write_when'],
  [{ queue: 'reports' }, 'job:write', 'job:write_host'],
  [{ runsOn: { zone: 'a' } }, 'job:write', 'job:write_host'],
  [{ tellParameters: true }, 'job:write', 'job:write_host'],
  [{ parameters: [] }, 'job:write', 'job:write_host'],
  [
    { parameters: [{ name: 'region', type: 'text', default: 'eu' }] },
    'job:write',
    'job:write_host',
  ],
  [
    { parameters: [{ name: 'region', type: 'choice', choices: ['eu', 'us'], default: 'us' }] },
    'job:write',
    'job:write',
  ],
  [{ timeoutMs: 60_000 }, 'job:write', 'job:write'],
  [{ retry: { maxAttempts: 3 } }, 'job:write', 'job:write'],
  [{ mayRunTwice: true }, 'job:write', 'job:write'],
  [{ labels: { team: 'billing' } }, 'job:write', 'job:write'],
  [{ notes: 'Asks whether it is alive.' }, 'job:write', 'job:write'],
];

describe('what an edit changes decides what it takes', () => {
  test.each(CHANGES)('%j', (change, http, host) => {
    const [part] = Object.keys(change);
    // Some of these can't be together in a definition: here they only differ.
    const after = (before: JobDefinition) => ({
      ...before,
      ...Object.fromEntries(
        Object.entries(definitionOf({ ...change, schedule: hourly })).filter(([of]) => of === part),
      ),
      ...('schedule' in change ? { schedule: change.schedule } : {}),
    });
    const asked = definitionOf();
    expect(takesOfEdit(asked, after(asked))).toEqual({ [http]: [part] });
    for (const work of [WORK.command, WORK.script]) {
      const onHost = definitionOf({ work });
      expect(takesOfEdit(onHost, after(onHost))).toEqual({ [host]: [part] });
    }
  });

  test('what a request asks for is an edit like others, what a host executes isn’t, on either side', () => {
    const http = definitionOf();
    const other = definitionOf({ work: { ...WORK.http, url: 'https://example.org/other' } });
    expect(takesOfEdit(http, other)).toEqual({ 'job:write': ['work'] });
    for (const work of [WORK.command, WORK.script]) {
      const onHost = definitionOf({ work });
      expect(takesOfEdit(http, onHost)).toEqual({ 'job:write_host': ['work'] });
      expect(takesOfEdit(onHost, http)).toEqual({ 'job:write_host': ['work'] });
    }
  });

  test('the environment and the folder of a process are what it executes', () => {
    const before = definitionOf({ work: WORK.command });
    for (const more of [{ cwd: '/srv' }, { environment: [{ name: 'PATH', value: '/tmp' }] }]) {
      const after = definitionOf({ work: { ...WORK.command, ...more } });
      expect(takesOfEdit(before, after)).toEqual({ 'job:write_host': ['work'] });
    }
  });

  test('what can’t be read any more takes all that it may have been', () => {
    expect(Object.keys(takesOfEdit(null, definitionOf()))).toEqual(EDIT_PERMISSIONS);
  });
});

test('making a job takes what it says: a time, a place on a host', () => {
  const manual = { type: 'manual' } as const;
  expect(takesOfCreation(definitionOf({ schedule: manual }))).toEqual({ 'job:write': ['key'] });
  expect(takesOfCreation(definitionOf())).toEqual({
    'job:write': ['key'],
    'job:write_when': ['schedule'],
  });
  expect(takesOfCreation(definitionOf({ work: WORK.script, schedule: manual }))).toEqual({
    'job:write': ['key'],
    'job:write_host': ['work'],
  });
});

const someDefinition = fc
  .record({
    work: fc.constantFrom(...Object.values(WORK)),
    changes: fc.subarray(CHANGES.map(([change]) => change)),
  })
  .map(({ work, changes }) => ({ ...definitionOf({ work }), ...Object.assign({}, ...changes) }))
  .map((definition) => definition as JobDefinition);

const takenBy = (before: JobDefinition, after: JobDefinition) =>
  new Set(Object.keys(takesOfEdit(before, after)));

describe('of any two definitions', () => {
  test('an edit and its way back take the same, and saying nothing new takes nothing', () => {
    fc.assert(
      fc.property(someDefinition, someDefinition, (a, b) => {
        expect(takenBy(a, b)).toEqual(takenBy(b, a));
        expect(takenBy(a, structuredClone(a))).toEqual(new Set());
      }),
    );
  });

  test('every changed part is taken once', () => {
    fc.assert(
      fc.property(someDefinition, someDefinition, (a, b) => {
        const parts = Object.values(takesOfEdit(a, b)).flat();
        const changed = (Object.keys(a) as (keyof JobDefinition)[]).filter(
          (part) => JSON.stringify(a[part]) !== JSON.stringify(b[part]),
        );
        expect(parts.toSorted()).toEqual(changed.toSorted());
      }),
    );
  });

  test('no detour over a third takes less than the way itself', () => {
    fc.assert(
      fc.property(someDefinition, someDefinition, someDefinition, (a, b, c) => {
        // What a host never executes may be prepared without its permission, but not be handed to it.
        fc.pre(runsOnHost(a) === runsOnHost(c) && runsOnHost(b) === runsOnHost(a));
        const detour = [...takenBy(a, c), ...takenBy(c, b)];
        expect(detour).toEqual(expect.arrayContaining([...takenBy(a, b)]));
      }),
    );
  });

  test('who ends with another thing on a host has asked for it', () => {
    fc.assert(
      fc.property(someDefinition, someDefinition, (a, b) => {
        fc.pre(JSON.stringify(a.work) !== JSON.stringify(b.work));
        fc.pre(runsOnHost(a) || runsOnHost(b));
        expect(takenBy(a, b).has('job:write_host')).toBe(true);
      }),
    );
  });
});
