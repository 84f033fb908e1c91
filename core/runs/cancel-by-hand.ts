import { z } from 'zod';
import { auditAll } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { RunId } from '../ids.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { severalOf } from './several-of.ts';
import {
  cancelIfQueued,
  lockJobsOfLiveRuns,
  lockLiveRuns,
  requestCancelIfRunning,
} from './cancel-by-hand.sql.ts';

export const CancelRuns = z.object({ runIds: severalOf(RunId, 'run') });

/**
 * Cancels runs: waiting ones at once, running ones through their worker (within a second).
 * `finished` counts those that had ended before, which stay as they are.
 */
export async function cancelRuns(
  actor: Actor,
  input: z.input<typeof CancelRuns>,
): Promise<Outcome<{ cancelled: number[]; requested: number[]; finished: number }>> {
  authorizeForSome(actor, 'run:cancel');
  const parsed = CancelRuns.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const runIds = [...new Set(parsed.data.runIds)];
  return inTransaction(async (_tx, sql) => {
    const jobs = knownTo(actor, await lockJobsOfLiveRuns(sql, runIds));
    authorizeAll(actor, 'run:cancel', jobs);
    const known = new Set(jobs.map(({ id }) => id));
    const live = (await lockLiveRuns(sql, runIds)).filter(({ jobId }) => known.has(jobId));
    const idsIn = (state: string) => live.filter((run) => run.state === state).map(({ id }) => id);
    const cancelled = await cancelIfQueued(sql, idsIn('queued'), actor.name);
    const requested = await requestCancelIfRunning(sql, idsIn('running'), actor.name);
    const stateOf = new Map(live.map(({ id, state }) => [id, state]));
    await auditAll(
      sql,
      actor,
      [...cancelled, ...requested].map((id) => ({
        action: 'run.cancel',
        subject: `run:${id}`,
        before: { state: stateOf.get(id)! },
        after: requested.includes(id) ? { cancelRequested: true } : { state: 'cancelled' },
      })),
    );
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
