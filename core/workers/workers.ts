import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, webPool } from '../prisma.ts';
import { readTogether } from '../read-together.ts';
import { drainIfActive, readWorkerRows, undrainIfDrained, type WorkerRow } from './workers.sql.ts';

/** A worker as the console shows it. Instants are ISO 8601. */
export type WorkerSummary = {
  id: number;
  name: string;
  host: string;
  pid: number;
  version: string;
  state: WorkerRow['state'];
  /** It hasn't been heard of for a whole lease, and nobody has come to declare it lost yet. */
  isSilent: boolean;
  labels: Record<string, string>;
  /** Empty: all. */
  queues: string[];
  kinds: string[];
  slots: number;
  /** As it said with its last heartbeat. */
  slotsInUse: number;
  /** How far the database's clock is ahead of its own. */
  clockOffsetMs: number;
  startedAt: string;
  heartbeatAt: string;
  drainRequestedBy: string | null;
  endedAt: string | null;
  /** What it runs now, the longest first; at most 50. */
  running: { runId: number; jobKey: string; since: string }[];
};

/** The workers that there are, and those that stopped or were lost within the last day. */
export async function listWorkers(actor: Actor): Promise<WorkerSummary[]> {
  authorize(actor, 'worker:read');
  return readTogether(actor, ['workers'], allWorkers);
}

async function allWorkers(): Promise<WorkerSummary[]> {
  const rows = await readWorkerRows(sqlOf(webPool()));
  return rows.map(({ startedAt, heartbeatAt, endedAt, running, ...worker }) => ({
    ...worker,
    startedAt: startedAt.toISOString(),
    heartbeatAt: heartbeatAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    running: (running ?? []).map(({ runId, jobKey, startedMs }) => ({
      runId,
      jobKey: jobKey ?? '',
      since: new Date(startedMs).toISOString(),
    })),
  }));
}

/** The worker takes no more runs and lets those that it has finish. */
export async function drainWorker(actor: Actor, workerId: number): Promise<Outcome<null>> {
  authorize(actor, 'worker:drain');
  return inTransaction(async (tx, sql) => {
    if (!(await drainIfActive(sql, workerId, actor.name))) {
      return refuse('conflict', 'This worker takes no runs any more: it drains, or has ended.');
    }
    await audit(tx, actor, {
      action: 'worker.drain',
      subject: `worker:${workerId}`,
      before: { state: 'active' },
      after: { state: 'draining' },
    });
    await announce(sql, 'worker');
    await signalWorkers(sql, 'drain');
    return done(null);
  });
}

export async function undrainWorker(actor: Actor, workerId: number): Promise<Outcome<null>> {
  authorize(actor, 'worker:drain');
  return inTransaction(async (tx, sql) => {
    if (!(await undrainIfDrained(sql, workerId))) {
      return refuse('conflict', 'This worker can’t be taken back: it takes runs, or is ending.');
    }
    await audit(tx, actor, {
      action: 'worker.undrain',
      subject: `worker:${workerId}`,
      before: { state: 'draining' },
      after: { state: 'active' },
    });
    await announce(sql, 'worker');
    await signalWorkers(sql, 'drain');
    return done(null);
  });
}
