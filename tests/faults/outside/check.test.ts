import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Acknowledged } from './acknowledged.ts';
import { check, type CheckedJob, type Evidence, type Verdict } from './check.ts';
import { every, expectedTicks, inTurn } from './expected.ts';
import { longestOutage, timeToRecover } from './pace.ts';
import type { Entry } from './record.ts';
import type { Standing } from './stands.ts';

const T0 = Date.parse('2026-03-01T00:00:00Z');
const JOB: CheckedJob = {
  key: 'steady',
  fires: every(1),
  since: T0,
  isExclusive: true,
  mayRunTwice: false,
  printsBeats: true,
};

const entry = (run: number, what: Entry['what'], more: Partial<Entry> = {}): Entry => ({
  job: 'steady',
  run,
  attempt: 1,
  worker: 7,
  told: T0 + run * 1000,
  what,
  at: T0 + run * 1000 + 10,
  ...more,
});

/** Three ticks that ran as they should, with a line each. */
function wellDone(): Evidence & {
  standing: Standing;
  record: Entry[];
  acknowledged: Acknowledged;
} {
  const ids = [1, 2, 3];
  const body = 'oabc line 1 of attempt 1\n';
  const chunks = ids.map((run) => ({ run, seq: 0, attempt: 1, body }));
  const hash = createHash('sha256').update(body).digest('hex');
  return {
    jobs: [JOB],
    record: ids.flatMap((run) => [entry(run, 'start'), entry(run, 'beat'), entry(run, 'end')]),
    standing: {
      now: T0 + 4000,
      runs: ids.map((id) => ({
        id,
        job: 'steady',
        trigger: 'tick',
        at: T0 + id * 1000,
        standsFor: T0 + id * 1000,
        state: 'succeeded',
        attempt: 1,
        cause: null,
      })),
      attempts: ids.map((run) => ({ run, number: 1, outcome: 'succeeded' })),
      gaps: [],
      revisions: [],
      chunks,
    },
    acknowledged: new Map(ids.map((run) => [`${run}/0`, { hash, lines: 1 }])),
    until: T0 + 3999,
  };
}

type Found = Pick<Verdict, 'doubled' | 'unaccounted' | 'lost'>;

describe('CONTROL: the checker', () => {
  it('finds nothing where all is well', () => {
    expect(check(wellDone())).toEqual({
      expected: 3,
      ran: 3,
      doubled: [],
      unaccounted: [],
      linesLost: 0,
      lost: [],
    });
  });

  const RULES: [
    what: string,
    breaks: (all: ReturnType<typeof wellDone>) => void,
    Partial<Found>,
  ][] = [
    [
      'a tick that stands nowhere',
      ({ standing, record }) => {
        standing.runs.splice(1, 1);
        record.splice(3, 3);
      },
      { unaccounted: ['the tick of steady at 2026-03-01T00:00:02.000Z stands nowhere'] },
    ],
    [
      'a tick that stands in a row and in a gap',
      ({ standing }) => {
        standing.gaps.push({ job: 'steady', from: T0 + 1500, until: T0 + 2500, reason: 'paused' });
      },
      { doubled: ['the tick of steady at 2026-03-01T00:00:02.000Z stands in 1 rows and 1 gaps'] },
    ],
    [
      'a tick that nothing asked for',
      ({ standing }) => {
        standing.runs.push({ ...standing.runs[0]!, id: 9, at: T0 + 1500, state: 'skipped' });
      },
      {
        unaccounted: [
          'a tick of steady at 2026-03-01T00:00:01.500Z stands in the ledger, and nothing asked for it',
        ],
      },
    ],
    [
      'a run without an end',
      ({ standing }) => {
        standing.runs[2]!.state = 'running';
      },
      { unaccounted: ['run 3 of steady is running'] },
    ],
    [
      'a success that never came to its end',
      ({ record }) => void record.pop(),
      { unaccounted: ['run 3 of steady has succeeded, and never came to its end'] },
    ],
    [
      'an execution without a row',
      ({ record }) => void record.push(entry(77, 'start')),
      { unaccounted: ['run 77 attempt 1 of steady was executed and stands nowhere'] },
    ],
    [
      'an attempt that begins after a later one',
      ({ record, standing }) => {
        record.unshift(entry(3, 'start', { attempt: 2 }));
        standing.attempts.push({ run: 3, number: 2, outcome: 'lost' });
      },
      {
        doubled: [
          'run 3 attempt 1 of steady began after attempt 2 had',
          'run 3 of steady began 2 times',
        ],
      },
    ],
    [
      'an execution without an attempt',
      ({ standing }) => void standing.attempts.pop(),
      { unaccounted: ['run 3 attempt 1 was executed, and no row says what became of it'] },
    ],
    [
      'a run that was told another tick',
      ({ record }) => {
        record[0]!.told += 1;
      },
      { unaccounted: ['run 1 attempt 1 was told another time than its row has'] },
    ],
    [
      'an attempt that began twice, of a job that may not run twice',
      ({ record }) => void record.splice(1, 0, entry(1, 'start', { worker: 8 })),
      { doubled: ['run 1 attempt 1 of steady began twice', 'run 1 of steady began 2 times'] },
    ],
    [
      'two runs of an exclusive job at once',
      ({ record }) => void record.splice(4, 0, record.splice(2, 1)[0]!),
      {
        doubled: [
          'run 1 attempt 1 of steady went on after run 2 attempt 1 had begun',
          'run 2 attempt 1 of steady went on after run 1 attempt 1 had begun',
        ],
      },
    ],
    [
      'a stored line that is gone',
      ({ standing }) => void standing.chunks.pop(),
      { lost: ['line 1 of run 3 isn’t where it belongs', 'part 3/0 of a log is gone'] },
    ],
    [
      'a stored line that has changed',
      ({ standing }) => {
        standing.chunks[0]!.body = 'oabc line 7 of attempt 1\n';
      },
      { lost: ['line 1 of run 1 isn’t where it belongs', 'part 1/0 of a log is changed'] },
    ],
    [
      'a line that is stored twice',
      ({ standing, acknowledged }) => {
        standing.chunks[0]!.body += 'o1 line 1 of attempt 1\n';
        acknowledged.clear();
      },
      { doubled: ['run 1 printed 1 lines, and 2 are stored'] },
    ],
  ];

  it.each(RULES)('notices %s', (_what, breaks, expected) => {
    const evidence = wellDone();
    breaks(evidence);
    const { doubled, unaccounted, lost } = check(evidence);
    const nothing = { doubled: [], unaccounted: [], lost: [] };
    expect({ doubled, unaccounted, lost }).toEqual({ ...nothing, ...expected });
  });
});

it('ticks by the clock on the wall: the missing hour has none, the repeated one has them twice', () => {
  const atHalfPastTwo = ({
    hour,
    minute,
    second,
  }: {
    hour: number;
    minute: number;
    second: number;
  }) => hour === 2 && minute === 30 && second === 0;
  const inBerlin = (day: string) => {
    const after = Date.parse(`${day}T00:00:00Z`) - 6 * 3_600_000;
    return expectedTicks(atHalfPastTwo, {
      after,
      until: after + 24 * 3_600_000,
      timeZone: 'Europe/Berlin',
    }).map((at) => new Date(at).toISOString().slice(11, 16));
  };
  expect(inBerlin('2026-03-28')).toEqual(['01:30']);
  expect(inBerlin('2026-03-29')).toEqual([]);
  expect(inBerlin('2026-10-25')).toEqual(['00:30', '01:30']);
});

it('ticks of an edited schedule: those up to the edit by the old one', () => {
  const fires = inTurn([
    { after: T0, fires: every(1) },
    { after: T0 + 3_000, fires: every(5) },
  ]);
  const ticks = expectedTicks(fires, { after: T0, until: T0 + 11_000 });
  expect(ticks.map((at) => (at - T0) / 1000)).toEqual([1, 2, 3, 5, 10]);
});

it('the pace: how long nothing began, and until when ticks began late', () => {
  const starts = [1, 2, 3, 8, 9].map((second) =>
    entry(second, 'start', { at: T0 + second * 1000 + (second === 8 ? 1500 : 10) }),
  );
  expect(longestOutage(starts)).toBe(6_000);
  const fault = { from: T0 + 3_500, until: T0 + 7_500 };
  expect(timeToRecover(starts, [fault])).toBe(2_000);
  expect(timeToRecover(starts, [{ from: T0, until: T0 + 20_000 }])).toBeNull();
});
