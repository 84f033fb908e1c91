import { z } from 'zod';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import type { Permission } from '../auth/permission-table.ts';
import type { Sql } from '../db.ts';
import { RunId } from '../ids.ts';
import { type EarlierValues, sensitiveIn } from '../jobs/hidden-parameters.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { severalOf } from './several-of.ts';
import {
  type CurrentJob,
  lockCurrentJobs,
  readRunsToRetry,
  type RequestedRun,
  type RunToRetry,
} from './request.sql.ts';
import {
  GivenParameters,
  makeRun,
  makeRuns,
  Note,
  type Requested,
  type Several,
} from './requests.ts';
import { requestOf } from './request-of.ts';

export const RetryRuns = z.object({ runIds: severalOf(RunId, 'run'), note: Note });

/** Tries finished runs again, as new runs of the jobs' current revisions with the parameters of then. */
export async function retryRuns(
  actor: Actor,
  input: z.input<typeof RetryRuns>,
): Promise<Outcome<Several>> {
  authorizeForSome(actor, 'run:retry');
  const parsed = RetryRuns.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { note } = parsed.data;
  const runIds = [...new Set(parsed.data.runIds)];
  return inTransaction(async (tx, sql) => {
    const { runs, jobs } = await heldRuns(sql, actor, 'run:retry', runIds);
    return makeRuns(
      tx,
      sql,
      actor,
      runIds.map((id) => {
        const run = runs.get(id);
        return { id, request: retryOf(actor, run, run && jobs.get(run.jobId), { note }) };
      }),
    );
  });
}

export const RunAsTest = z.object({ runId: RunId, note: Note });

/** Repeats a run as a test: with its parameters, for the stretch that it was told, by the job's present revision. */
export async function runAsTest(
  actor: Actor,
  input: z.input<typeof RunAsTest>,
): Promise<Outcome<Requested>> {
  authorizeForSome(actor, 'job:trigger');
  const parsed = RunAsTest.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { runId, note } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { runs, jobs } = await heldRuns(sql, actor, 'job:trigger', [runId]);
    const run = runs.get(runId);
    if (!run) return refuse('not_found', 'There is no such run. Perhaps its history is over.');
    const request = testOf(actor, run, jobs.get(run.jobId), { note });
    if (!request.ok) return request;
    return done(await makeRun(tx, sql, actor, request.value));
  });
}

export const RunAgain = z.object({ runId: RunId, parameters: GivenParameters, note: Note });

/** Tries one finished run again with other parameters. */
export async function runAgain(
  actor: Actor,
  input: z.input<typeof RunAgain>,
): Promise<Outcome<Requested>> {
  authorizeForSome(actor, 'run:retry');
  const parsed = RunAgain.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { runId, parameters, note } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { runs, jobs } = await heldRuns(sql, actor, 'run:retry', [runId]);
    const run = runs.get(runId);
    const request = retryOf(actor, run, run && jobs.get(run.jobId), { parameters, note });
    if (!request.ok) return request;
    return done(await makeRun(tx, sql, actor, request.value));
  });
}

type Asked = { parameters?: Readonly<Record<string, unknown>> | undefined; note: string };

function retryOf(
  actor: Actor,
  run: RunToRetry | undefined,
  job: CurrentJob | undefined,
  { parameters, note }: Asked,
): Outcome<RequestedRun> {
  if (!run) return refuse('not_found', 'There is no such run. Perhaps its history is over.');
  if (run.isLive) return refuse('conflict', 'This run hasn’t ended yet: cancel it first, or wait.');
  // What tries a test again is no more than a test.
  if (run.trigger === 'test') return testOf(actor, run, job, { parameters, note });
  return requestOf(actor, job, parameters ?? null, {
    trigger: 'retry',
    note,
    retryOf: run.id,
    earlier: earlierOf(run),
    forTick: run.forTick ?? (run.trigger === 'tick' ? run.scheduledFor : null),
  });
}

function testOf(
  actor: Actor,
  run: RunToRetry,
  job: CurrentJob | undefined,
  { parameters, note }: Asked,
): Outcome<RequestedRun> {
  return requestOf(actor, job, parameters ?? null, {
    trigger: 'test',
    note,
    retryOf: run.id,
    earlier: earlierOf(run),
    // Of a run that never began nothing is known but its own time.
    stretch: run.coversTo ? { from: run.coversFrom, to: run.coversTo } : undefined,
  });
}

const earlierOf = ({ parameters, definition }: RunToRetry): EarlierValues => ({
  values: parameters,
  sensitive: sensitiveIn(definition),
});

/** Runs by id, and their jobs, held: those that the actor may know of. */
async function heldRuns(
  sql: Sql,
  actor: Actor,
  permission: Permission,
  runIds: readonly number[],
): Promise<{ runs: Map<number, RunToRetry>; jobs: Map<number, CurrentJob> }> {
  const found = await readRunsToRetry(sql, runIds);
  const held = await lockCurrentJobs(
    sql,
    found.map(({ jobId }) => jobId),
  );
  const known = knownTo(actor, held);
  authorizeAll(actor, permission, known);
  const jobs = new Map(known.map((job) => [job.jobId, job]));
  const runs = found.filter(({ jobId }) => jobs.has(jobId));
  return { runs: new Map(runs.map((run) => [run.id, run])), jobs };
}
