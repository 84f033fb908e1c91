import { type Actor, authorize, type Scope, scopeOf } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { webPool } from '../prisma.ts';
import { readTogether } from '../read-together.ts';
import { MOST_COUNTED, readQueueRows } from './queues.sql.ts';
import { type QueueRate, rateLogOf, roomIn } from './rate.ts';

/** A queue with its limits, and what runs and waits in it now. */
export type QueueSummary = {
  name: string;
  description: string;
  maxRunning: number;
  maxWaiting: number;
  defaultTimeoutMs: number;
  /** At most so many starts in any stretch of so long; null: no bound. */
  rate: QueueRate | null;
  /** ISO 8601: what waits starts then, since as many as may have started; null where one may start now. */
  rateOverAt: string | null;
  /** Jobs that use it. */
  jobs: number;
  running: number;
  /** What runs in it now, the longest first; at most 10, and none of jobs that the actor may not know of. */
  runningNow: { runId: number; jobKey: string; since: string }[];
  /** Runs that are due and may start as far as their job is concerned. */
  waiting: number;
  /** There are more than `waiting` says. */
  isMoreWaiting: boolean;
  /** ISO 8601: since when the first of them is due. */
  oldestWaitSince: string | null;
  /** Due, but held while their job is paused. */
  held: number;
  /** Workers that serve it now, and their slots in all. */
  workers: number;
  workerSlots: number;
};

/** Queues are shared: their names and numbers are for everybody, the jobs in them for those who may know of them. */
export async function listQueues(actor: Actor): Promise<QueueSummary[]> {
  authorize(actor, 'queue:read');
  const scope = scopeOf(actor, 'run:read');
  return readTogether(actor, ['queues'], () => queuesFor(scope));
}

async function queuesFor(scope: Scope): Promise<QueueSummary[]> {
  const rows = await readQueueRows(sqlOf(webPool()), scope);
  return rows.map(
    ({ oldestDueAt, slots, runningNow, rateStarts, rateMs, rateLog, nowMs, ...queue }) => ({
      ...queue,
      ...rateOf(rateStarts, rateMs, rateLog, nowMs),
      isMoreWaiting: queue.waiting >= MOST_COUNTED,
      oldestWaitSince: oldestDueAt?.toISOString() ?? null,
      workerSlots: slots,
      runningNow: (runningNow ?? []).map(({ runId, jobKey, startedMs }) => ({
        runId,
        jobKey: jobKey ?? '',
        since: new Date(startedMs).toISOString(),
      })),
    }),
  );
}

function rateOf(
  starts: number | null,
  perMs: number | null,
  log: unknown,
  nowMs: number,
): Pick<QueueSummary, 'rate' | 'rateOverAt'> {
  if (starts === null || perMs === null) return { rate: null, rateOverAt: null };
  const rate = { starts, perMs };
  const { nextInMs } = roomIn(rate, rateLogOf(log), nowMs);
  return { rate, rateOverAt: nextInMs > 0 ? new Date(nowMs + nextInMs).toISOString() : null };
}
