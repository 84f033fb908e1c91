import { describe, expect, test } from 'vitest';
import { LASTING_MS, MOST_TOLD_AN_HOUR, owedOf, type ToTell } from './owed.ts';
import type { MessageRule } from './rule.ts';
import { TOLD } from './told.ts';

const HOUR = 3_600_000;
const opened = new Date('2026-11-21T09:14:00Z');
const after = (ms: number) => new Date(opened.getTime() + ms);
const incident = (given: Partial<ToTell> = {}): ToTell => ({
  kind: 'failed',
  openedAt: opened,
  endedAt: null,
  endedByRun: null,
  pauses: 0,
  toldAt: null,
  toldPauses: 0,
  reminders: 0,
  isPausedByPerson: false,
  toldLately: 0,
  ...given,
});
const rule = (given: Partial<MessageRule> = {}): MessageRule => ({
  channels: ['ops'],
  on: [...TOLD],
  remindHours: null,
  ...given,
});
const events = (...given: Parameters<typeof owedOf>) =>
  owedOf(...given).events.map(({ event }) => event);

describe('a problem', () => {
  test('is told when it begins, and not again while it lasts', () => {
    const now = after(2_000);
    const first = owedOf(incident(), rule(), now);
    expect(first).toMatchObject({ events: [{ event: 'opened' }], toldAt: now, lookAgainAt: null });
    expect(events(incident({ toldAt: now }), rule(), after(HOUR))).toEqual([]);
  });

  test('is told when it is over, to those that were told of it', () => {
    const over = { endedAt: after(HOUR), endedByRun: 7 };
    expect(events(incident({ toldAt: after(1), ...over }), rule(), after(HOUR))).toEqual([
      'recovered',
    ]);
    expect(events(incident(over), rule(), after(HOUR))).toEqual(['opened', 'recovered']);
  });

  test('that ended with its job is over without a word', () => {
    const gone = { endedAt: after(HOUR), toldAt: after(1) };
    expect(events(incident(gone), rule(), after(HOUR))).toEqual([]);
  });

  test.each([
    ['failed', 'failed'],
    ['timed_out', 'failed'],
    ['lost', 'lost'],
    ['missed', 'missed'],
    ['auto_paused', 'auto_paused'],
  ] as const)('that began as %s is told where %s is chosen', (kind, told) => {
    const others = TOLD.filter((one) => one !== told);
    expect(events(incident({ kind }), rule({ on: [told] }), after(1))).toEqual(['opened']);
    expect(events(incident({ kind }), rule({ on: others }), after(1))).toEqual([]);
  });

  test('is told to nobody where nobody is to be told, nor later', () => {
    const owed = owedOf(incident({ pauses: 1 }), null, after(1));
    expect(owed).toMatchObject({ events: [], toldAt: after(1), lookAgainAt: null });
  });
});

describe('a pause that Punctual makes', () => {
  test('is told once more, since the next step is another', () => {
    const told = incident({ toldAt: after(1), pauses: 1 });
    expect(owedOf(told, rule(), after(HOUR))).toMatchObject({
      events: [{ event: 'paused', number: 1 }],
      toldPauses: 1,
    });
    expect(events({ ...told, toldPauses: 1 }, rule(), after(HOUR))).toEqual([]);
  });

  test('that comes with the problem is told with it', () => {
    expect(owedOf(incident({ pauses: 1 }), rule(), after(1))).toMatchObject({
      events: [{ event: 'opened' }],
      toldPauses: 1,
    });
  });

  test('is told also where failures aren’t', () => {
    const owed = owedOf(incident({ pauses: 1 }), rule({ on: ['auto_paused'] }), after(1));
    expect(owed.events).toEqual([{ event: 'opened', number: 0 }]);
  });
});

describe('reminders', () => {
  const every4 = rule({ remindHours: 4 });
  const told = incident({ toldAt: opened });

  test('come every so many hours while it lasts', () => {
    expect(owedOf(incident(), every4, opened).lookAgainAt).toEqual(after(4 * HOUR));
    const first = owedOf(told, every4, after(4 * HOUR));
    expect(first).toMatchObject({
      events: [{ event: 'reminder', number: 1 }],
      reminders: 1,
      lookAgainAt: after(8 * HOUR),
    });
    expect(events({ ...told, reminders: 1 }, every4, after(5 * HOUR))).toEqual([]);
  });

  test('that nobody was there to send come as one', () => {
    expect(owedOf(told, every4, after(30 * HOUR))).toMatchObject({
      events: [{ event: 'reminder', number: 7 }],
      reminders: 7,
      lookAgainAt: after(32 * HOUR),
    });
  });

  test('stop while a person has paused the job, and once it is over', () => {
    expect(events({ ...told, isPausedByPerson: true }, every4, after(4 * HOUR))).toEqual([]);
    const over = { endedAt: after(HOUR), endedByRun: 7 };
    expect(events({ ...told, ...over }, every4, after(9 * HOUR))).toEqual(['recovered']);
  });
});

describe('a job that comes and goes', () => {
  const restless = incident({ toldLately: MOST_TOLD_AN_HOUR });

  test('is told only once a problem has lasted', () => {
    expect(owedOf(restless, rule(), after(2_000))).toMatchObject({
      events: [],
      toldAt: null,
      lookAgainAt: after(LASTING_MS),
    });
    expect(events(restless, rule(), after(LASTING_MS))).toEqual(['opened']);
  });

  test('and not at all of one that was over by then', () => {
    const over = { ...restless, endedAt: after(5_000), endedByRun: 7 };
    expect(owedOf(over, rule(), after(7_000))).toMatchObject({ events: [], lookAgainAt: null });
  });
});
