import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { resolveParameters } from '../jobs/parameters.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import type { Tx } from '../prisma.ts';
import {
  type CurrentJob,
  insertRequestedRuns,
  isEverythingPaused,
  type RequestedRun,
} from './request.sql.ts';

export const Note = z.string().trim().max(500, 'A note has at most 500 characters.').default('');
export const GivenParameters = z.record(
  z.string(),
  z.union([z.string().max(10_000), z.number(), z.boolean()]),
);

/** What a request for a run gave. `waitsForResume`: everything is paused, so that it starts when that is over. */
export type Requested = { runId: number; waitsForResume: boolean };

export type Several = {
  runIds: number[];
  /** What couldn't be done, and why. */
  refused: { id: number; message: string }[];
  /** Everything is paused: the runs start when that is over. */
  waitsForResume: boolean;
};

type Ask = {
  trigger: RequestedRun['trigger'];
  note: string;
  retryOf?: number;
  forTick?: Date | null;
};

/** The run that is asked for, or why there can't be one. */
export function requestOf(
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

/** Makes the runs that can be; one that can't doesn't hold up the others. */
export async function makeRuns(
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
  return done({ runIds, refused, waitsForResume: await isEverythingPaused(sql) });
}

export async function makeRun(
  tx: Tx,
  sql: Sql,
  actor: Actor,
  request: RequestedRun,
): Promise<Requested> {
  const [runId] = await insert(tx, sql, actor, [request]);
  return { runId: runId!, waitsForResume: await isEverythingPaused(sql) };
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
