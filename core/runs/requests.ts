import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { auditedValues } from '../jobs/hidden-parameters.ts';
import { done, type Outcome } from '../outcome.ts';
import type { Tx } from '../prisma.ts';
import { insertRequestedRuns, isEverythingPaused, type RequestedRun } from './request.sql.ts';

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

function actionOf(trigger: RequestedRun['trigger']): string {
  if (trigger === 'test') return 'job.test';
  return trigger === 'retry' ? 'run.retry' : 'job.trigger';
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
    { trigger, jobId, retryOf: original, note, parameters, definition },
  ] of requests.entries()) {
    await audit(tx, actor, {
      action: actionOf(trigger),
      subject: `run:${runIds[index]}`,
      after: {
        jobId,
        ...(original === null ? {} : { retryOf: original }),
        ...(parameters && { parameters: auditedValues(definition.parameters, parameters) }),
      },
      reason: note ?? '',
    });
  }
  return runIds;
}
