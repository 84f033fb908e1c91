import { describe, expect, test } from 'vitest';
import { calmQueue, duty, healthyFigures, healthyWorker } from '#tests/support/figures.ts';
import { CHECKS, type CheckName } from './checks.ts';
import { englishHealthWords } from './english.ts';
import type { Figures } from './figures.ts';
import { judge, judgeDatabaseAway, worstOf } from './judge.ts';

const of = (name: CheckName, figures: Partial<Figures>) =>
  judge(healthyFigures(figures)).find((judged) => judged.name === name)!;
const gone = (...heardMsAgo: number[]) =>
  heardMsAgo.map((ago, n) => ({ name: `gone-${n}`, heardMsAgo: ago }));
const late = (name: string, passedMsAgo: number, given = {}) =>
  healthyWorker({ report: { duties: [duty(name, { passedMsAgo, ...given })], startedMsAgo: {} } });
const lag = (p99Ms: number) => {
  const own = { p50Ms: 3, p99Ms, starts: 100 };
  return { now: { own, all: own }, day: { own, all: own } };
};
const GB = 1_000_000_000;

test('of an installation that is well nothing bad is said', () => {
  const judged = judge(healthyFigures());
  expect(judged.filter(({ level }) => level === 'bad' || level === 'warn')).toEqual([]);
  expect(worstOf(judged)).toBeNull();
});

test.each<[CheckName, string, Partial<Figures>, 'bad' | 'warn' | 'well' | 'unknown']>([
  ['database', 'answers in 299 ms', { answeredInMs: 299 }, 'well'],
  ['database', 'answers in 301 ms', { answeredInMs: 301 }, 'warn'],
  ['database', 'answers in 2.1 s', { answeredInMs: 2_100 }, 'bad'],
  ['migrations', 'one is missing', { migrations: { state: 'behind', missing: ['x'] } }, 'bad'],
  ['worker', 'none is there', { workers: [] }, 'bad'],
  ['worker', 'the only one drains', { workers: [healthyWorker({ isActive: false })] }, 'bad'],
  ['worker', 'its lease is over', { workers: [healthyWorker({ leaseLeftMs: -1 })] }, 'bad'],
  ['planner', '30 s behind', { plannerLagMs: 30_000 }, 'warn'],
  ['planner', 'more than 30 s behind', { plannerLagMs: 30_001 }, 'bad'],
  ['planning', 'nobody has said', {}, 'unknown'],
  ['planning', 'passed 30 s after its time', { workers: [late('planner', 32_000)] }, 'well'],
  ['planning', 'no pass for longer', { workers: [late('planner', 32_001)] }, 'bad'],
  [
    'planning',
    'of two workers one passes',
    { workers: [late('planner', 90_000), late('planner', 100)] },
    'well',
  ],
  [
    'planning',
    'one that hangs is late as well',
    { workers: [late('planner', 40_000, { underWayMs: 38_000 })] },
    'bad',
  ],
  ['claiming', 'no pass for longer', { workers: [late('claimer', 40_000)] }, 'bad'],
  ['start_lag', 'p99 of 1.9 s', { lag: lag(1_900) }, 'well'],
  ['start_lag', 'p99 of 3 s', { lag: lag(3_000) }, 'warn'],
  ['start_lag', 'p99 of 16 s', { lag: lag(16_000) }, 'bad'],
  ['lost_worker', 'one, and none came', { lostWorkers: gone(60_000) }, 'bad'],
  [
    'lost_worker',
    'one came after it',
    { lostWorkers: gone(60_000), workers: [healthyWorker({ upMs: 5_000 })] },
    'well',
  ],
  [
    'lost_worker',
    'one came for two',
    { lostWorkers: gone(60_000, 70_000), workers: [healthyWorker({ upMs: 5_000 })] },
    'bad',
  ],
  [
    'lost_worker',
    'silent, and nobody has said that it is lost',
    { workers: [healthyWorker(), healthyWorker({ id: 2, name: 'w-2', leaseLeftMs: -5 })] },
    'bad',
  ],
  ['partitions', 'the third month is to be made', { missingMonths: months(3) }, 'well'],
  ['partitions', 'the month after the next is missing', { missingMonths: months(2) }, 'warn'],
  ['partitions', 'the next month is missing', { missingMonths: months(1) }, 'bad'],
  ['partitions', 'this month is missing', { missingMonths: months(0) }, 'bad'],
  ['free_space', 'unknown', {}, 'unknown'],
  ['free_space', '6 GB', { space: space(6 * GB) }, 'well'],
  ['free_space', '4 GB', { space: space(4 * GB) }, 'warn'],
  ['free_space', '0.9 GB', { space: space(0.9 * GB) }, 'bad'],
  ['space_forecast', 'full in 10 days', { space: space(10 * GB, GB) }, 'warn'],
  ['space_forecast', 'full in 2 days', { space: space(10 * GB, 5 * GB) }, 'bad'],
  ['space_forecast', 'it shrinks', { space: space(10 * GB, -GB) }, 'well'],
  ['connections', '80 of 97', { connections: { used: 80, most: 97, of: 'server' } }, 'warn'],
  ['connections', '96 of 97', { connections: { used: 96, most: 97, of: 'server' } }, 'bad'],
  ['clocks', '2 s behind', { workers: [healthyWorker({ clockOffsetMs: -2_001 })] }, 'bad'],
  ['clocks', '600 ms ahead', { workers: [healthyWorker({ clockOffsetMs: 600 })] }, 'warn'],
  ['duties', 'fails for 2 min', { workers: [late('pruner', 130_000, { failures: 9 })] }, 'warn'],
  ['duties', 'fails for 11 min', { workers: [late('pruner', 700_000, { failures: 9 })] }, 'bad'],
  [
    'duties',
    'a long pass',
    { workers: [late('archiver', 500_000, { underWayMs: 480_000 })] },
    'well',
  ],
  ['duties', 'a pass that hangs', { workers: [late('archiver', 9e6, { underWayMs: 9e6 })] }, 'bad'],
  ['leases', 'half of it is used', { workers: [healthyWorker({ leaseLeftMs: 29_000 })] }, 'warn'],
  ['queue_depth', '81 of 100', { queues: [calmQueue({ waiting: 81, maxWaiting: 100 })] }, 'warn'],
  ['queue_depth', 'none may wait', { queues: [calmQueue({ maxWaiting: 0 })] }, 'well'],
  ['transactions', 'open for 20 min', { oldestTransaction: { name: 'x', openMs: 1.2e6 } }, 'warn'],
  ['transactions', 'open for 7 h', { oldestTransaction: { name: 'x', openMs: 2.5e7 } }, 'bad'],
  ['dead_rows', 'after a burst', { tables: [table({ vacuumedMsAgo: 60_000 })] }, 'well'],
  ['dead_rows', 'neglected', { tables: [table({ vacuumedMsAgo: null })] }, 'warn'],
  ['dead_rows', 'few', { tables: [table({ deadRows: 900, vacuumedMsAgo: null })] }, 'well'],
])('%s: %s', (name, _, figures, level) => {
  expect(of(name, figures).level).toBe(level);
});

describe('the oldest run that could start', () => {
  const stuck = calmQueue({ oldestDueMs: 90_000, oldestFreeMs: 90_000 });
  const moving = healthyWorker({ report: { duties: [], startedMsAgo: { default: 4_000 } } });

  test.each<[string, Partial<Figures>, 'bad' | 'warn' | 'well']>([
    ['nobody takes it although there is room', { queues: [stuck] }, 'bad'],
    ['its queue moves', { queues: [stuck], workers: [moving] }, 'well'],
    ['its queue is full', { queues: [{ ...stuck, running: 10 }] }, 'well'],
    ['its queue is paced by a rate', { queues: [{ ...stuck, isPacedByRate: true }] }, 'well'],
    ['everything is paused', { queues: [stuck], isEverythingPaused: true }, 'well'],
    [
      'every slot is taken',
      { queues: [stuck], workers: [healthyWorker({ slotsInUse: 4 })] },
      'well',
    ],
    [
      'no worker serves its queue',
      { queues: [stuck], workers: [healthyWorker({ queues: ['x'] })] },
      'bad',
    ],
    ['it has just become due', { queues: [{ ...stuck, oldestFreeMs: 20_000 }] }, 'well'],
    ['others wait for their turn', { queues: [{ ...stuck, oldestFreeMs: null }] }, 'well'],
  ])('%s', (_, figures, level) => {
    expect(of('oldest_due', figures).level).toBe(level);
  });

  test('names its queue', () => {
    expect(of('oldest_due', { queues: [stuck] }).about).toEqual(['default']);
  });
});

test('of several that are bad the weightiest is told', () => {
  const judged = judge(
    healthyFigures({ workers: [], plannerLagMs: 60_000, missingMonths: months(0) }),
  );
  expect(worstOf(judged)?.name).toBe('worker');
  expect(worstOf(judgeDatabaseAway())).toMatchObject({ name: 'database', value: null });
});

describe('the words of a check', () => {
  const words = englishHealthWords();

  test.each(CHECKS.map(({ name }) => name))('%s: are whole sentences, at every level', (name) => {
    for (const [level, value] of [
      ['well', 1],
      ['bad', 1],
      ['warn', 2],
      ['unknown', null],
    ] as const) {
      const sentence = words.sentence({ name, level, value, about: ['a'] });
      expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
      expect(sentence).not.toMatch(/[{}]|undefined|NaN/);
    }
    expect(words.next({ name, level: 'bad', value: 1, about: ['a'] })).toMatch(/\.$/);
    expect(words.ofTrouble(name).title).not.toMatch(/[.{}]/);
  });

  test('name neither worker nor queue, since anybody may read them', () => {
    const judged = judge(
      healthyFigures({
        workers: [
          late('pruner', 9e6, { failures: 3 }),
          healthyWorker({ name: 'geheim', clockOffsetMs: 9_000 }),
        ],
        lostWorkers: [{ name: 'geheim', heardMsAgo: 1 }],
        queues: [calmQueue({ name: 'geheim', waiting: 999, oldestFreeMs: 90_000 })],
      }),
    );
    for (const one of judged) {
      const said = [words.title(one), words.sentence(one), words.next(one)].join(' ');
      expect(said).not.toContain('geheim');
    }
    expect(judged.some((one) => words.about(one).includes('geheim'))).toBe(true);
  });

  test('of a trouble that another version gave a name say that something is wrong', () => {
    expect(words.ofTrouble('weather').title).toBe('Something is wrong');
  });
});

function months(...ahead: number[]) {
  return ahead.map((aheadBy) => ({ month: `m${aheadBy}`, aheadBy }));
}

function space(freeBytes: number, growthBytesPerDay: number | null = null) {
  return { databaseBytes: GB, freeBytes, growthBytesPerDay };
}

function table(given: Partial<Figures['tables'][number]>) {
  return {
    name: 'run_live',
    bytes: 1e6,
    liveRows: 10,
    deadRows: 60_000,
    vacuumedMsAgo: null,
    ...given,
  };
}
