import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { Clock } from '#core/clock.ts';
import { JobDefinition, type JobDefinitionInput } from '#core/jobs/definition.ts';
import type { EndedAttempt } from '#core/runs/finish.sql.ts';
import type { StartedRun } from './started-run.ts';
import type { Definition } from './definitions.ts';
import { createExecutor, type Executor, type ExecutorConfig } from './executor.ts';
import type { Answer, Kind, Work } from './kinds/kind.ts';
import type { AttemptLog, LogSummary } from './log/attempt-log.ts';

const run: StartedRun = {
  id: 7,
  scheduledFor: new Date('2026-03-01T02:30:00Z'),
  jobId: 1,
  revision: 1,
  trigger: 'tick',
  queue: 'default',
  overlap: 'skip',
  workerId: 3,
  attempt: 1,
  dueAt: new Date('2026-03-01T02:30:00Z'),
  startedAt: new Date('2026-03-01T02:30:00Z'),
  losses: 0,
  parameters: null,
  covers: true,
  coversFrom: null,
  coversTo: new Date('2026-03-01T02:30:00Z'),
  stateVersion: 0,
  isProbe: false,
  logLines: 5,
  logBytes: 60,
  defaultTimeoutMs: 60_000,
  earlier: [],
  waitedFor: null,
};

const definitionOf = (given: Partial<JobDefinitionInput> = {}): Definition => ({
  ok: true,
  value: JobDefinition.parse({
    key: 'nightly',
    work: { kind: 'script', text: 'true' },
    schedule: { type: 'manual' },
    mayRunTwice: false,
    retry: {},
    ...given,
  }),
});

let ended: EndedAttempt[];
let abandoned: boolean;
let givenBack: number[];
let summary: LogSummary;
beforeEach(() => {
  ended = [];
  abandoned = false;
  givenBack = [];
  summary = { isOwned: true, lines: 8, bytes: 99, wordsSeen: new Set(), causeLine: null };
});

/** An executor with one kind, `script`, that does what the test says. */
function executorWith(
  execute: (work: Work<unknown>) => Promise<Answer>,
  definition: Definition | ((jobId: number) => Definition) = definitionOf(),
  more: Partial<ExecutorConfig> = {},
) {
  const script: Kind<unknown> = { name: 'script', execute };
  const log: AttemptLog = {
    write: () => {},
    note: () => {},
    finish: () => Promise.resolve(summary),
    abandon: () => {
      abandoned = true;
    },
  };
  return createExecutor({
    kinds: new Map([['script', script]]),
    definitions: {
      load: (revisions) =>
        Promise.resolve(
          revisions.map(({ jobId }) =>
            typeof definition === 'function' ? definition(jobId) : definition,
          ),
        ),
    },
    secrets: { load: () => Promise.resolve({ ok: true, values: {} }) },
    giveBack: (runs) => {
      givenBack.push(...runs.map(({ id }) => id));
      return Promise.resolve();
    },
    states: { load: (runs) => Promise.resolve(runs.map(() => '')) },
    logWriter: { open: () => log },
    identity: { workerId: 3, name: 'w-b1', installation: 'uuid', isDraining: false },
    clock: new Clock(),
    logger: pino({ level: 'silent' }),
    slots: 4,
    killGraceMs: 100,
    httpAllow: [],
    isLeaseSure: () => true,
    finish: (attempt) => ended.push(attempt),
    ...more,
  });
}

/** Ends when it is told to stop, as `answer` says. */
const untilStopped =
  (answer: Answer) =>
  ({ signal }: Work<unknown>) =>
    new Promise<Answer>((resolve) => {
      signal.addEventListener('abort', () => resolve(answer));
    });

describe('the executor', () => {
  it('hands over how the work ended, with the fence and the log’s count', async () => {
    const executor = executorWith(() => Promise.resolve({ ok: true, exitCode: 0, result: '42' }));
    executor.start([run]);
    expect([executor.running, executor.room(0).slots]).toEqual([1, 3]);
    expect(executor.room(0).isScarce).toBe(false);
    await executor.idle();
    expect(ended).toMatchObject([
      {
        runId: 7,
        workerId: 3,
        attempt: 1,
        outcome: 'succeeded',
        result: '42',
        logLines: 8,
        logBytes: 99,
        retryAt: null,
      },
    ]);
    expect(executor.running).toBe(0);
  });

  it('gives back what hasn’t begun when the worker shuts down, whether it may run twice or not', async () => {
    let executed = 0;
    const executor = executorWith(() => {
      executed += 1;
      return Promise.resolve({ ok: true });
    });
    executor.start([run]);
    executor.stopAll({ reason: 'shutdown' });
    await executor.idle();
    expect([executed, ended, givenBack]).toEqual([0, [], [7]]);
  });

  it('keeps the same attempt, claimed again, when the one that it gave back is over', async () => {
    const gaveBack = Promise.withResolvers<void>();
    const executor = executorWith(untilStopped({ ok: false }), definitionOf(), {
      giveBack: () => gaveBack.promise,
    });
    executor.start([run]);
    executor.stopAll({ reason: 'shutdown' });
    await pause(20);
    executor.start([run]);
    gaveBack.resolve();
    await pause(20);
    expect(executor.holds(run.id, run.attempt)).toBe(true);
    executor.stopAll({ reason: 'lease_lost' });
    await executor.idle();
  });

  it('joins the cause with the line of the log that says why', async () => {
    summary = { ...summary, causeLine: { number: 8, text: 'disk full on /backup' } };
    const executor = executorWith(() =>
      Promise.resolve({ ok: false, exitCode: 2, failure: 'exit_code', cause: 'exit 2' }),
    );
    executor.start([run]);
    await executor.idle();
    expect(ended).toMatchObject([{ cause: 'exit 2: disk full on /backup', causeLine: 8 }]);
  });

  it('fails the attempt, and nothing else, when a kind throws', async () => {
    const executor = executorWith(() => Promise.reject(new Error('out of descriptors')));
    executor.start([run]);
    await executor.idle();
    expect(ended).toMatchObject([
      { outcome: 'failed', cause: 'Punctual could not execute it: out of descriptors' },
    ]);
  });

  it.each([
    [
      'a definition that can’t be used',
      { ok: false, problem: 'revision 1 is gone' } as const,
      null,
      'revision 1 is gone',
    ],
    [
      'a kind that this worker doesn’t have',
      definitionOf({ work: { kind: 'http', url: 'http://example.com' } }),
      null,
      'this worker doesn’t execute http jobs',
    ],
    ['parameters that don’t fit', definitionOf(), { day: 1 }, 'This job has no parameter day.'],
  ])('says so of %s', async (_what, definition, parameters, cause) => {
    const executor = executorWith(() => Promise.resolve({ ok: true }), definition);
    executor.start([{ ...run, parameters }]);
    await executor.idle();
    expect(ended).toMatchObject([{ outcome: 'failed', cause }]);
  });

  it('times out by the job’s timeout', async () => {
    const executor = executorWith(
      untilStopped({ ok: true, wasStopped: true }),
      definitionOf({ timeoutMs: 1_000 }),
    );
    executor.start([run]);
    await executor.idle();
    expect(ended).toMatchObject([{ outcome: 'timed_out', cause: 'timed out after 1 s' }]);
  });

  it('leaves a run its own outcome when the cancel came too late', async () => {
    const executor = executorWith(untilStopped({ ok: false, wasStopped: false, cause: 'exit 3' }));
    executor.start([run]);
    await nextTurn();
    await nextTurn();
    executor.stop(7, 2, { reason: 'cancelled', by: 'Test' });
    expect(executor.running).toBe(1);
    executor.stop(7, 1, { reason: 'cancelled', by: 'Test' });
    await executor.idle();
    expect(ended).toMatchObject([{ outcome: 'failed', cause: 'exit 3' }]);
  });

  it('doesn’t begin what was cancelled before its definition was there', async () => {
    let begun = false;
    const executor = executorWith(() => {
      begun = true;
      return Promise.resolve({ ok: true });
    });
    executor.start([run]);
    executor.stop(7, 1, { reason: 'cancelled', by: null });
    await executor.idle();
    expect(begun).toBe(false);
    expect(ended).toMatchObject([{ outcome: 'cancelled', cause: 'cancelled' }]);
  });

  it('rule 3: records nothing once the lease is lost', async () => {
    const executor = executorWith(untilStopped({ ok: true }));
    executor.start([run, { ...run, id: 8 }]);
    await nextTurn();
    executor.stopAll({ reason: 'cancelled', by: null });
    executor.stopAll({ reason: 'lease_lost' });
    await executor.idle();
    expect(abandoned).toBe(true);
    expect(ended).toEqual([]);
  });

  it('rule 3: records nothing when the log’s fence didn’t match', async () => {
    summary = { ...summary, isOwned: false };
    const executor = executorWith(() => Promise.resolve({ ok: true }));
    executor.start([run]);
    await executor.idle();
    expect(ended).toEqual([]);
  });

  const runs = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...run, id: from + n }));

  /** Executes so many, one slot's worth at a time, so that the pace is known. */
  async function warmUp(executor: Executor): Promise<void> {
    for (let n = 0; n < 100; n++) {
      executor.start(runs(10_000 + 4 * n, 4));
      await executor.idle();
    }
  }

  it('takes runs ahead of a free slot once it is quick, and begins them in order', async () => {
    const begun: number[] = [];
    const executor = executorWith(
      async ({ runId }) => {
        begun.push(runId);
        return { ok: true };
      },
      definitionOf({ mayRunTwice: true }),
    );
    expect(executor.room(0)).toEqual({ slots: 4, soonFree: 0, ahead: 0, isScarce: false });
    await warmUp(executor);
    const { ahead, ...room } = executor.room(0);
    expect(room).toEqual({ slots: 4, soonFree: 0, isScarce: false });
    expect(ahead).toBeGreaterThan(8);
    begun.length = 0;
    executor.start(runs(200, 50));
    expect(executor.room(0)).toMatchObject({ slots: 0 });
    await executor.idle();
    expect(begun).toEqual(runs(200, 50).map(({ id }) => id));
    // Too many that have ended wait for the database.
    expect(executor.room(2_004 + 2_000)).toMatchObject({ slots: 0, ahead: 0 });
  });

  it('gives back what keeps waiting since others got slow, and takes nothing more ahead', async () => {
    const release: (() => void)[] = [];
    let isSlow = false;
    const executor = executorWith(
      () =>
        isSlow
          ? new Promise((resolve) => {
              release.push(() => resolve({ ok: true }));
            })
          : Promise.resolve({ ok: true }),
      definitionOf({ mayRunTwice: true }),
    );
    await warmUp(executor);
    isSlow = true;
    executor.start([50, 51, 52, 53, 54, 55].map((id) => ({ ...run, id })));
    expect(executor.running).toBe(6);
    await expect.poll(() => givenBack, { timeout: 3_000 }).toEqual([54, 55]);
    expect(executor.running).toBe(4);
    expect(executor.room(0)).toEqual({ slots: 0, soonFree: 0, ahead: 0, isScarce: true });
    for (const end of release) end();
    await executor.idle();
    expect(executor.room(0).ahead).toBe(0);
  });

  it('begins what may not run twice before what may', async () => {
    const begun: number[] = [];
    const executor = executorWith(
      async ({ runId }) => {
        begun.push(runId);
        await pause(5);
        return { ok: true };
      },
      (jobId) => definitionOf({ mayRunTwice: jobId !== 2 }),
    );
    executor.start([...runs(1, 10), { ...run, jobId: 2, id: 11 }]);
    await executor.idle();
    expect(begun.slice(0, 4)).toEqual([11, 1, 2, 3]);
  });

  it('tries again by the job’s rule', async () => {
    const executor = executorWith(
      () => Promise.resolve({ ok: false, failure: 'exit_code', exitCode: 75, cause: 'exit 75' }),
      definitionOf({
        retry: { byCause: [{ cause: 'exit_code', codes: '75', answer: 'once' }] },
      }),
    );
    executor.start([run]);
    await executor.idle();
    expect(ended).toMatchObject([{ retryRule: 'exit_code 75: once', losses: 0 }]);
    expect(ended[0]?.retryAt).toBeInstanceOf(Date);
  });
});
