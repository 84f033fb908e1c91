import { describe, expect, test } from 'vitest';

import { asText, asTextWithin } from './content.ts';
import { type Summed, summaryOf } from './summary.ts';
import { type JobIncident, type MessageFacts, oneLine, wordsOf } from './words.ts';

const incident = (given: Partial<JobIncident> = {}): JobIncident => ({
  id: 12,
  jobId: 1,
  trouble: null,
  kind: 'failed',
  openedAt: new Date('2026-11-21T08:14:00Z'),
  firstRunId: 481,
  cause: 'exit 2: pg_dump: connection refused',
  runs: 1,
  missed: 0,
  lastAt: new Date('2026-11-21T08:14:00Z'),
  lastRunId: 481,
  lastCause: 'exit 2: pg_dump: connection refused',
  pausedAt: null,
  pauseReason: null,
  endedAt: null,
  endedByRun: null,
  ...given,
});
const facts = (
  event: MessageFacts['event'],
  given: Partial<JobIncident> = {},
  job: Partial<MessageFacts['job']> = {},
): MessageFacts => ({
  event,
  incident: incident(given),
  job: {
    key: 'nightly-backup',
    owner: '',
    labels: {},
    runbookUrl: '',
    timeZone: 'Europe/Berlin',
    ...job,
  },
  remindHours: null,
  consoleUrl: 'https://punctual.example.org',
  idempotencyKey: 'punctual-1-m2',
});

describe('a message', () => {
  test('says which job, why, since when, how often, what to do, and where', () => {
    const content = wordsOf(
      facts('opened', { runs: 12, lastCause: 'exit 1: disk full', lastRunId: 493 }),
    );
    expect(content.title).toBe('nightly-backup failed');
    expect(asText(content)).toBe(
      [
        'exit 2: pg_dump: connection refused.',
        'Lately: exit 1: disk full.',
        'Since Sat, 21 Nov 2026, 09:14 (Europe/Berlin): 12 runs ended badly.',
        'Next: look at the log of the run, mend the cause, and retry it. You hear of it again when it works.',
        'https://punctual.example.org/runs/493',
      ].join('\n'),
    );
  });

  test('says how long it lasted when it is over, and leads to the run that showed it', () => {
    const content = wordsOf(
      facts('recovered', {
        runs: 500,
        endedAt: new Date('2026-11-21T10:20:00Z'),
        endedByRun: 990,
      }),
    );
    expect(content.title).toBe('nightly-backup works again');
    expect(content.lines[0]).toBe(
      'It had trouble from Sat, 21 Nov 2026, 09:14 (Europe/Berlin) to Sat, 21 Nov 2026, 11:20 (Europe/Berlin) (2 h 6 min): 500 runs ended badly.',
    );
    expect(content.url).toBe('https://punctual.example.org/runs/990');
  });

  test.each([
    [{ kind: 'timed_out' as const }, 'nightly-backup timed out'],
    [{ kind: 'lost' as const }, 'nightly-backup was lost'],
    [{ kind: 'missed' as const, missed: 14, runs: 0 }, 'nightly-backup missed 14 ticks'],
    [{ kind: 'missed' as const, missed: 1, runs: 0 }, 'nightly-backup missed 1 tick'],
    [
      { pausedAt: new Date('2026-11-21T08:15:00Z') },
      'nightly-backup failed, and Punctual paused it',
    ],
  ])('of %j is headed %s', (given, title) => {
    expect(wordsOf(facts('opened', given)).title).toBe(title);
  });

  test('names owner and runbook, and when it comes again', () => {
    const content = wordsOf({
      ...facts('reminder', {}, { owner: 'Payments', runbookUrl: 'https://wiki.example.org/x' }),
      remindHours: 4,
    });
    expect(content.title).toBe('nightly-backup still fails');
    expect(content.lines.at(-1)).toBe('Owner: Payments. Runbook: https://wiki.example.org/x');
    expect(content.nextStep).toContain('every 4 h');
  });

  test('leads to the job where there is no run, and nowhere where nobody said the console’s address', () => {
    const missed = facts('opened', { kind: 'missed', lastRunId: null });
    expect(wordsOf(missed).url).toBe('https://punctual.example.org/jobs/nightly-backup');
    expect(wordsOf({ ...missed, consoleUrl: null }).url).toBeNull();
  });

  test('keeps what a log says on its line', () => {
    const cause = 'a\r\nBcc: x\u2028b\u0000c \u202egnp.exe\ud800';
    const content = wordsOf(facts('opened', { cause, lastCause: cause }));
    expect(content.lines[0]).toBe('a Bcc: x b c gnp.exe\ufffd.');
    expect(oneLine('😀 “x” *b* <!here>')).toBe('😀 “x” *b* <!here>');
  });

  test('is cut within bytes, at a character, and keeps its address', () => {
    const cause = '漏'.repeat(3_000);
    const content = wordsOf(facts('opened', { cause, lastCause: cause }));
    const text = asTextWithin(content, content.title, 2_048);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_048);
    expect(text).not.toContain('\ufffd');
    expect(text.endsWith('…\nhttps://punctual.example.org/runs/481')).toBe(true);
  });
});

describe('a summary', () => {
  const where = { consoleUrl: null, idempotencyKey: 'k' };
  const jobs = (count: number, event: 'opened' | 'recovered' = 'opened'): Summed[] =>
    Array.from({ length: count }, (_, n) => ({
      event,
      jobKey: `job-${n}`,
      trouble: null,
      cause: 'no route',
    }));

  test('names ten and counts the others', () => {
    const { title, lines } = summaryOf(jobs(190), where);
    expect(title).toBe('190 jobs in trouble');
    expect(lines).toHaveLength(12);
    expect(lines[1]).toBe('• job-0: no route');
    expect(lines.at(-1)).toBe('and 180 others');
  });

  test('counts a job that has recovered since as one that works', () => {
    const { title, lines } = summaryOf([...jobs(3), ...jobs(1, 'recovered')], where);
    expect(title).toBe('2 jobs in trouble, 1 job works again');
    expect(lines).toEqual([
      'In trouble:',
      '• job-1: no route',
      '• job-2: no route',
      'Works again:',
      '• job-0',
    ]);
  });
});
