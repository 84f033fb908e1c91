import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { JobId, RunId } from '../ids.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { resolveParameters } from '../jobs/parameters.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { MOST_AT_ONCE } from './bulk.ts';
import { cancelIfQueued, lockLiveRuns, requestCancelIfRunning } from './cancel-by-hand.sql.ts';
import {
  type CurrentJob,
  insertRequestedRuns,
  lockCurrentJobs,
  readRunsToRetry,
  type RequestedRun,
  type RunToRetry,
} from './request.sql.ts';

const RunIds = z
  .array(RunId)
  .min(1, 'Choose at least one run.')
  .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} at once.`);
const Note = z.string().trim().max(500, 'A note has at most 500 characters.').default('');
const GivenParameters = z.record(
  z.string(),
  z.union([z.string().max(10_000), z.number(), z.boolean()]),
);

export const TriggerJob = z.object({
  jobId: JobId,
  /** By name; what isn't given has its default. */
  parameters: GivenParameters.default({}),
  note: Note,
});

/** Starts a run of the job's current revision now, also while the job is paused. */
export async function triggerJob(
  actor: Actor,
  input: z.input<typeof TriggerJob>,
): Promise<Outcome<{ runId: number }>> {
  authorize(actor, 'job:trigger');
  const parsed = TriggerJob.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, parameters, note } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const [job] = await lockCurrentJobs(sql, [jobId]);
    const request = requestOf(actor, job, parameters, { trigger: 'manual', note });
    if (!request.ok) return request;
    const [runId] = await insert(tx, sql, actor, [request.value]);
    return done({ runId: runId! });
  });
}

export const TriggerJobs = z.object({
  jobIds: z
    .array(JobId)
    .min(1, 'Choose at least one job.')
    .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} at once.`),
});

export type Several = {
  runIds: number[];
  /** What couldn't be done, and why. */
  refused: { id: number; message: string }[];
};

/** Triggers several jobs with the defaults of their parameters; one that can't be doesn't hold up the others. */
export async function triggerJobs(
  actor: Actor,
  input: z.input<typeof TriggerJobs>,
): Promise<Outcome<Several>> {
  authorize(actor, 'job:trigger');
  const parsed = TriggerJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const jobIds = [...new Set(parsed.data.jobIds)];
  return inTransaction(async (tx, sql) => {
    const jobs = new Map((await lockCurrentJobs(sql, jobIds)).map((job) => [job.jobId, job]));
    return several(
      tx,
      sql,
      actor,
      jobIds.map((id) => ({
        id,
        request: requestOf(actor, jobs.get(id), {}, { trigger: 'manual', note: '' }),
      })),
    );
  });
}

export const RetryRuns = z.object({ runIds: RunIds, note: Note });

/** Tries finished runs again, as new runs of the jobs' current revisions with the parameters of then. */
export async function retryRuns(
  actor: Actor,
  input: z.input<typeof RetryRuns>,
): Promise<Outcome<Several>> {
  authorize(actor, 'run:retry');
  const parsed = RetryRuns.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { note } = parsed.data;
  const runIds = [...new Set(parsed.data.runIds)];
  return inTransaction(async (tx, sql) => {
    const runs = new Map((await readRunsToRetry(sql, runIds)).map((run) => [run.id, run]));
    const jobs = await jobsOf(sql, [...runs.values()]);
    return several(
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

export const RunAgain = z.object({ runId: RunId, parameters: GivenParameters, note: Note });

/** Tries one finished run again with other parameters. */
export async function runAgain(
  actor: Actor,
  input: z.input<typeof RunAgain>,
): Promise<Outcome<{ runId: number }>> {
  authorize(actor, 'run:retry');
  const parsed = RunAgain.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { runId, parameters, note } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const [run] = await readRunsToRetry(sql, [runId]);
    const jobs = await jobsOf(sql, run ? [run] : []);
    const request = retryOf(actor, run, run && jobs.get(run.jobId), { parameters, note });
    if (!request.ok) return request;
    const [made] = await insert(tx, sql, actor, [request.value]);
    return done({ runId: made! });
  });
}

export const CancelRuns = z.object({ runIds: RunIds });

/**
 * Cancels runs: waiting ones at once, running ones through their worker (within a second).
 * `finished` counts those that had ended before, which stay as they are.
 */
export async function cancelRuns(
  actor: Actor,
  input: z.input<typeof CancelRuns>,
): Promise<Outcome<{ cancelled: number[]; requested: number[]; finished: number }>> {
  authorize(actor, 'run:cancel');
  const parsed = CancelRuns.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const runIds = [...new Set(parsed.data.runIds)];
  return inTransaction(async (tx, sql) => {
    const live = await lockLiveRuns(sql, runIds);
    const idsIn = (state: string) => live.filter((run) => run.state === state).map(({ id }) => id);
    const cancelled = await cancelIfQueued(sql, idsIn('queued'), actor.name);
    const requested = await requestCancelIfRunning(sql, idsIn('running'), actor.name);
    for (const id of [...cancelled, ...requested]) {
      await audit(tx, actor, { action: 'run.cancel', subject: `run:${id}` });
    }
    if (live.length > 0) await announce(sql, 'run', [...cancelled, ...requested]);
    if (requested.length > 0) await signalWorkers(sql, 'cancel');
    // A run that waited may have held another of its job back.
    if (cancelled.length > 0) await signalWorkers(sql, 'look');
    if (live.length === 0 && runIds.length === 1) {
      return refuse('conflict', 'This run has ended already, so there is nothing to cancel.');
    }
    return done({ cancelled, requested, finished: runIds.length - live.length });
  });
}

type Ask = {
  trigger: RequestedRun['trigger'];
  note: string;
  retryOf?: number;
  forTick?: Date | null;
};

function requestOf(
  actor: Actor,
  job: CurrentJob | undefined,
  given: Readonly<Record<string, unknown>>,
  ask: Ask,
): Outcome<RequestedRun> {
  if (!job) return refuse('not_found', 'There is no such job.');
  if (job.isDeleted) {
    return refuse('conflict', `${job.key} was deleted: its history stays, but it runs no more.`);
  }
  const definition = JobDefinition.safeParse(job.definition);
  if (!definition.success) {
    return refuse(
      'conflict',
      `The definition of ${job.key} can’t be used any more. Edit and save the job.`,
    );
  }
  const resolved = resolveParameters(definition.data.parameters, given);
  if (!resolved.ok) return refuseParameters(resolved.problems);
  return done({
    jobId: job.jobId,
    revision: job.revision,
    definition: definition.data,
    trigger: ask.trigger,
    forTick: ask.forTick ?? null,
    retryOf: ask.retryOf ?? null,
    requestedBy: actor.name,
    note: ask.note === '' ? null : ask.note,
    parameters: definition.data.parameters.length > 0 ? resolved.values : null,
  });
}

function refuseParameters(problems: readonly { name: string; message: string }[]): Refused {
  return refuse(
    'invalid',
    problems[0]?.message ?? 'The parameters don’t fit.',
    problems.map(({ name, message }) => ({ path: ['parameters', name], message })),
  );
}

function retryOf(
  actor: Actor,
  run: RunToRetry | undefined,
  job: CurrentJob | undefined,
  { parameters, note }: { parameters?: Readonly<Record<string, unknown>>; note: string },
): Outcome<RequestedRun> {
  if (!run) return refuse('not_found', 'There is no such run. Perhaps its history is over.');
  if (run.isLive) return refuse('conflict', 'This run hasn’t ended yet: cancel it first, or wait.');
  return requestOf(actor, job, parameters ?? run.parameters ?? {}, {
    trigger: 'retry',
    note,
    retryOf: run.id,
    forTick: run.forTick ?? (run.trigger === 'tick' ? run.scheduledFor : null),
  });
}

async function jobsOf(sql: Sql, runs: readonly RunToRetry[]): Promise<Map<number, CurrentJob>> {
  const jobs = await lockCurrentJobs(
    sql,
    runs.map(({ jobId }) => jobId),
  );
  return new Map(jobs.map((job) => [job.jobId, job]));
}

async function several(
  tx: Tx,
  sql: Sql,
  actor: Actor,
  asked: readonly { id: number; request: Outcome<RequestedRun> }[],
): Promise<Outcome<Several>> {
  const requests = asked.flatMap(({ request }) => (request.ok ? [request.value] : []));
  const refused = asked.flatMap(({ id, request }) =>
    request.ok ? [] : [{ id, message: request.refusal.message }],
  );
  const runIds = requests.length > 0 ? await insert(tx, sql, actor, requests) : [];
  return done({ runIds, refused });
}

async function insert(
  tx: Tx,
  sql: Sql,
  actor: Actor,
  requests: readonly RequestedRun[],
): Promise<number[]> {
  const runIds = await insertRequestedRuns(sql, requests);
  for (const [
    index,
    { trigger, jobId, retryOf: original, note, parameters },
  ] of requests.entries()) {
    await audit(tx, actor, {
      action: trigger === 'retry' ? 'run.retry' : 'job.trigger',
      subject: `run:${runIds[index]}`,
      after: {
        jobId,
        ...(original === null ? {} : { retryOf: original }),
        ...(parameters && { parameters }),
      },
      reason: note ?? '',
    });
  }
  await announce(sql, 'run', runIds);
  await signalWorkers(sql, 'look');
  return runIds;
}
