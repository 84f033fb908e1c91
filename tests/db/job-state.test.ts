import { beforeEach, describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { editJobState, restoreJobState } from '#core/job-state/edit-job-state.ts';
import { readStateBodies } from '#core/job-state/given-states.sql.ts';
import { STATES_KEPT } from '#core/job-state/limits.ts';
import { readJobState } from '#core/job-state/read-job-state.ts';
import { prisma } from '#core/prisma.ts';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { type EndedAttempt, finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { readRun } from '#core/runs/read-run.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import {
  claimFor,
  emptyLedger,
  makeRun,
  makeWorker,
  type TestRunOverrides,
} from '#tests/support/runs.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
let worker: number;
let job: TestJob;
let minute = 0;

beforeEach(async () => {
  await emptyLedger(web.db());
  worker = await makeWorker(web.db());
  job = await makeJob(web.db(), { overlap: 'allow' });
});

const HOUR_AGO = Date.now() - 3_600_000;
const nextTick = () => new Date(HOUR_AGO + ++minute * 1_000);

async function started(overrides: TestRunOverrides = {}): Promise<ClaimedRun> {
  const id = await makeRun(web.db(), job, {
    trigger: 'tick',
    scheduledFor: nextTick(),
    ...overrides,
  });
  return (await claimFor(web.db(), worker)).find((run) => run.id === id)!;
}

const leave = (run: ClaimedRun, body: string, more: Partial<EndedAttempt> = {}) =>
  finishAttemptsIfStillOwned(web.db().sql, [
    endedAttempt(run, { newState: { body, given: run.stateVersion }, ...more }),
  ]);

/** What the next run is given. */
async function given(run?: ClaimedRun): Promise<string> {
  const ref = run ?? (await started());
  if (ref.stateVersion === 0) return '';
  const [row] = await readStateBodies(web.db().sql, [ref]);
  return row!.body;
}

const view = async (version?: number) =>
  valueOf(await readJobState(admin, { jobId: job.id, version }));
const edit = (body: string, basedOn: number | null) =>
  editJobState(admin, { jobId: job.id, basedOn, body, reason: 'to go on from there' });

describe('a job’s state', () => {
  test('is what the last success left, and says which run and tick', async () => {
    const first = await started();
    expect(first.stateVersion).toBe(0);
    await leave(first, 'cursor 41');
    const second = await started();
    expect(await given(second)).toBe('cursor 41');
    await leave(second, 'cursor 42');
    expect(await given()).toBe('cursor 42');
    expect(await view()).toMatchObject({
      version: 2,
      coveredUntil: second.scheduledFor.toISOString(),
      coveredBy: second.id,
      shown: { version: 2, body: 'cursor 42' },
      versions: [
        { version: 2, runId: second.id, bytes: 9, tick: second.scheduledFor.toISOString() },
        { version: 1, runId: first.id, writtenBy: null },
      ],
    });
    expect((await view(1)).shown).toEqual({ version: 1, body: 'cursor 41' });
    expect(valueOf(await readRun(admin, second.id)).run.wroteState).toBe(2);
  });

  test('stays when a run leaves it as it was', async () => {
    await leave(await started(), 'x');
    const run = await started();
    await finishAttemptsIfStillOwned(web.db().sql, [endedAttempt(run)]);
    expect((await view()).version).toBe(1);
    expect(valueOf(await readRun(admin, run.id)).run.wroteState).toBeNull();
  });

  test.each(['failed', 'timed_out', 'cancelled', 'lost'] as const)(
    'isn’t kept of a run that ended as %s',
    async (outcome) => {
      await leave(await started(), 'before', { outcome });
      expect(await given()).toBe('');
      expect(await view()).toMatchObject({ version: 0, coveredUntil: null, shown: null });
    },
  );

  test('isn’t kept of an attempt that is tried again', async () => {
    await leave(await started(), 'half', {
      outcome: 'failed',
      retryAt: new Date(Date.now() + 60_000),
      retryRule: 'backoff',
    });
    expect((await view()).version).toBe(0);
  });

  test('rule 3: isn’t touched by a worker that lost its lease', async () => {
    const lost = await started();
    await web.db().sql('UPDATE run SET attempt = 2 WHERE id = $1', [lost.id]);
    expect(await leave(lost, 'late')).toEqual([]);
    expect(await view()).toMatchObject({ version: 0, coveredUntil: null });
  });

  test('is that of the later tick, whichever run ends last', async () => {
    const earlier = await started();
    const later = await started();
    await leave(later, 'of the later');
    await leave(earlier, 'of the earlier');
    expect(await given()).toBe('of the later');
    expect((await view()).versions).toMatchObject([{ runId: later.id }]);
  });

  test('is that of the later tick when both end in one statement', async () => {
    const [earlier, later] = [await started(), await started()];
    await finishAttemptsIfStillOwned(
      web.db().sql,
      [later, earlier].map((run) =>
        endedAttempt(run, { newState: { body: `of ${run.id}`, given: 0 } }),
      ),
    );
    expect(await given()).toBe(`of ${later.id}`);
  });

  test('isn’t touched by a test, nor by a run with other parameters', async () => {
    await leave(await started(), 'real');
    const trial = await started({ trigger: 'test' });
    expect([trial.covers, await given(trial)]).toEqual([false, 'real']);
    await leave(trial, 'of a test');
    const other = await started({ trigger: 'manual' });
    await web.db().sql('UPDATE run SET covers = false WHERE id = $1', [other.id]);
    await leave(other, 'of another region');
    expect(await given()).toBe('real');
  });

  test('has at most 50 versions', async () => {
    for (let n = 1; n <= STATES_KEPT + 3; n++) await leave(await started(), `state ${n}`);
    const { versions, version } = await view();
    expect([version, versions.length, versions.at(-1)!.version]).toEqual([53, 50, 4]);
    const [row] = await web
      .db()
      .sql<{ count: number }>('SELECT count(*)::int FROM job_state WHERE job_id = $1', [job.id]);
    expect(row!.count).toBe(50);
    expect(await view(3)).toMatchObject({ missing: 3, shown: { version: 53 } });
  });

  test('of many jobs is written in one statement, each by its own run', async () => {
    const runs: ClaimedRun[] = [];
    for (let n = 0; n < 5; n++) {
      job = await makeJob(web.db());
      runs.push(await started());
    }
    await finishAttemptsIfStillOwned(
      web.db().sql,
      runs.map((run, n) =>
        endedAttempt(run, n === 2 ? {} : { newState: { body: `${n}`, given: 0 } }),
      ),
    );
    const rows = await web
      .db()
      .sql(
        `SELECT job_id AS "jobId", body FROM job_state WHERE job_id = ANY ($1) ORDER BY job_id`,
        [runs.map(({ jobId }) => jobId)],
      );
    expect(rows).toEqual([0, 1, 3, 4].map((n) => ({ jobId: runs[n]!.jobId, body: String(n) })));
  });
});

describe('a state that somebody edits', () => {
  test('is the next run’s, with an entry in the audit trail', async () => {
    await leave(await started(), 'cursor 41');
    expect(valueOf(await edit('cursor 7', 1))).toEqual({ version: 2 });
    expect(await given()).toBe('cursor 7');
    expect((await view()).versions[0]).toMatchObject({
      version: 2,
      runId: null,
      writtenBy: 'Test',
      reason: 'to go on from there',
    });
    expect(
      await prisma().auditEntry.findMany({ where: { subject: `job:${job.key}` } }),
    ).toMatchObject([
      {
        action: 'job.state',
        actor: 'Test',
        before: { version: 1 },
        after: { version: 2, bytes: 8 },
        reason: 'to go on from there',
      },
    ]);
  });

  test('can be the first that the job has', async () => {
    expect(valueOf(await edit('start here', 0))).toEqual({ version: 1 });
    const run = await started();
    expect(await given(run)).toBe('start here');
    await leave(run, 'went on');
    expect(await given()).toBe('went on');
  });

  test('isn’t overwritten by a run that was given the one before', async () => {
    await leave(await started(), 'cursor 41');
    const underWay = await started();
    valueOf(await edit('cursor 7', 1));
    await leave(underWay, 'cursor 42');
    expect(await given()).toBe('cursor 7');
    // What it did stands: the job goes on from its tick.
    expect(await view()).toMatchObject({ version: 2, coveredBy: underWay.id });
    const next = await started();
    await leave(next, 'cursor 8');
    expect(await given()).toBe('cursor 8');
  });

  test('must be the newest: what a run wrote meanwhile is looked at first', async () => {
    await leave(await started(), 'cursor 41');
    await leave(await started(), 'cursor 42');
    expect(refusalOf(await edit('cursor 7', 1))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Version 2'),
    });
    expect(await given()).toBe('cursor 42');
    // Whoever says so writes over it all the same.
    expect(valueOf(await edit('cursor 7', null))).toEqual({ version: 3 });
    expect(await given()).toBe('cursor 7');
  });

  test('goes back to an earlier version as a version of its own', async () => {
    await leave(await started(), 'good');
    await leave(await started(), 'bad');
    const restored = await restoreJobState(admin, {
      jobId: job.id,
      basedOn: 2,
      version: 1,
      reason: 'the last one was wrong',
    });
    expect(valueOf(restored)).toEqual({ version: 3 });
    expect(await given()).toBe('good');
    expect((await view()).versions[0]).toMatchObject({ version: 3, restoredFrom: 1 });
    const missing = { jobId: job.id, basedOn: 3, version: 99, reason: 'x' };
    expect(refusalOf(await restoreJobState(admin, missing)).code).toBe('not_found');
  });

  test.each([
    ['x'.repeat(65_537), /64 kB/],
    ['é'.repeat(40_000), /64 kB/],
    ['a\0b', /NUL/],
  ])('is refused when it can’t be kept', async (body, message) => {
    expect(refusalOf(await edit(body, 0)).message).toMatch(message);
    expect((await view()).version).toBe(0);
  });

  test('rule 12: is an admin’s to write, with a reason', async () => {
    const input = { jobId: job.id, basedOn: 0, body: 'x', reason: 'x' };
    await expect(editJobState(viewer, input)).rejects.toThrow(NotAllowed);
    expect(refusalOf(await editJobState(admin, { ...input, reason: ' ' })).code).toBe('invalid');
    expect(valueOf(await readJobState(viewer, { jobId: job.id })).version).toBe(0);
  });
});
