import { describe, expect, test } from 'vitest';
import { JobDefinition, type JobDefinitionInput } from '#core/jobs/definition.ts';
import { changesBetween, compareEdits, takeParts } from './definition-parts.ts';

const make = (over: Partial<JobDefinitionInput> = {}) =>
  JobDefinition.parse({
    key: 'a',
    work: { kind: 'script', text: 'true' },
    schedule: { type: 'cron', lines: ['0 * * * *'], timeZone: 'UTC' },
    mayRunTwice: true,
    retry: {},
    ...over,
  });

describe('what changed between two revisions', () => {
  test('is told detail by detail while the kind stays', () => {
    const after = make({
      work: { kind: 'script', text: 'false' },
      schedule: { type: 'cron', lines: ['0 * * * *'], timeZone: 'Europe/Berlin' },
      retry: { maxAttempts: 3 },
      labels: { team: 'ops' },
    });
    expect(changesBetween(make(), after).map(({ part }) => part)).toEqual([
      'work.text',
      'schedule.timeZone',
      'retry.maxAttempts',
      'labels',
    ]);
  });

  test('is the whole work, or the whole schedule, where its kind changed', () => {
    const after = make({
      work: { kind: 'http', url: 'https://example.com' },
      schedule: { type: 'manual' },
    });
    expect(changesBetween(make(), after).map(({ part }) => part)).toEqual(['work', 'schedule']);
  });

  test('is nothing when only the order of labels differs', () => {
    const labels = { a: '1', b: '2' };
    expect(changesBetween(make({ labels }), make({ labels: { b: '2', a: '1' } }))).toEqual([]);
  });
});

describe('two edits of one revision', () => {
  const base = make();
  const mine = make({ owner: 'me', notes: 'mine', queue: 'sync' });
  const theirs = make({ owner: 'them', priority: 2, queue: 'sync' });

  test('say who changed what, and leave out what both changed alike', () => {
    expect(
      compareEdits(base, mine, theirs).map(({ part, changedBy }) => [part, changedBy]),
    ).toEqual([
      ['priority', 'them'],
      ['owner', 'both'],
      ['notes', 'me'],
    ]);
  });

  test('are joined part by part', () => {
    const merged = takeParts(mine, theirs, ['priority']);
    expect(merged).toEqual({ ...mine, priority: 2 });
    expect(mine.priority).toBe(0);
    expect(takeParts(mine, theirs, ['priority', 'owner', 'notes'])).toEqual(theirs);
  });

  test('compare an interval with an anchor to one from the end of the last run as a whole', () => {
    const anchored = make({
      schedule: {
        type: 'interval',
        everyMs: 5_000,
        anchor: '2026-01-01T00:00:00Z',
        timeZone: 'UTC',
      },
    });
    const fromEnd = make({
      schedule: { type: 'interval', from: 'end', everyMs: 5_000, timeZone: 'UTC' },
    });
    const schedules = changesBetween(anchored, fromEnd).map(({ part }) => part);
    expect(schedules).toContain('schedule');
    expect(takeParts(anchored, fromEnd, ['schedule']).schedule).toEqual(fromEnd.schedule);
    const slower = make({
      schedule: { type: 'interval', from: 'end', everyMs: 9_000, timeZone: 'UTC' },
    });
    expect(changesBetween(fromEnd, { ...slower, key: fromEnd.key })).toMatchObject([
      { part: 'schedule.everyMs', before: 5_000, after: 9_000 },
    ]);
  });

  test('are joined to the very other side when everything of it is taken, kinds included', () => {
    const other = make({
      work: { kind: 'http', url: 'https://example.com' },
      schedule: {
        type: 'interval',
        everyMs: 5_000,
        anchor: '2026-01-01T00:00:00Z',
        timeZone: 'UTC',
      },
      retry: { backoff: 'fixed', delayMs: 5 },
    });
    const parts = compareEdits(base, mine, other).map(({ part }) => part);
    expect(takeParts(mine, other, parts)).toEqual(other);
  });
});
