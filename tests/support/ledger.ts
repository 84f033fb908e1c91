import type { Sql } from '#core/db.ts';
import { isFinal, type RunState, type SkipReason, type Trigger } from '#core/runs/states.ts';

export type TestRun = {
  jobId: number;
  state?: RunState;
  trigger?: Trigger;
  /** Epoch ms; default now. */
  at?: number;
  durationMs?: number;
  attempt?: number;
  cause?: string | null;
  queue?: string;
  kind?: string;
  workerId?: number | null;
  retryOf?: number | null;
  /** The tick that it stands for. */
  forTick?: Date | null;
  skipReason?: SkipReason;
  dueAt?: number;
  hold?: 'paused' | null;
  overlap?: string;
  priority?: number;
  parameters?: Record<string, unknown> | null;
  requestedBy?: string | null;
};

/** Puts a run straight into the ledger, in any state, as if it had come there in the usual way. */
export async function insertRun(sql: Sql, run: TestRun): Promise<number> {
  const {
    state = 'succeeded',
    trigger = 'tick',
    at = Date.now(),
    durationMs = 1_000,
    attempt = state === 'queued' || state === 'skipped' ? 0 : 1,
  } = run;
  const isOver = isFinal(state);
  const started = state === 'running' || (isOver && attempt > 0);
  const workerId = run.workerId ?? (started ? 1 : null);
  const [row] = await sql<{ id: number }>(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, worker_id, started_at,
       finished_at, cause, queue, kind, retry_of, skip_reason, hold, overlap, priority, parameters, requested_by, for_tick, covers)
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $3::text <> 'test')
     RETURNING id`,
    [
      !isOver,
      run.jobId,
      trigger,
      state,
      new Date(at),
      new Date(run.dueAt ?? at),
      attempt,
      state === 'queued' ? null : workerId,
      started ? new Date(run.dueAt ?? at) : null,
      isOver ? new Date((run.dueAt ?? at) + durationMs) : null,
      run.cause ?? null,
      run.queue ?? 'default',
      run.kind ?? 'script',
      run.retryOf ?? null,
      state === 'skipped' ? (run.skipReason ?? 'overlap') : null,
      run.hold ?? null,
      run.overlap ?? 'skip',
      run.priority ?? 0,
      run.parameters ? JSON.stringify(run.parameters) : null,
      run.requestedBy ?? null,
      run.forTick ?? null,
    ],
  );
  return row!.id;
}

export type TestWorker = {
  name?: string;
  state?: 'active' | 'draining' | 'stopped' | 'lost';
  queues?: string[];
  kinds?: string[];
  labels?: Record<string, string>;
  slots?: number;
  slotsInUse?: number;
  drainRequestedBy?: string | null;
  /** Null: it has not ended. */
  endedAt?: Date | null;
  leaseUntil?: Date;
};

/** Puts a worker's row in, as if its process had said so. */
export async function insertWorker(sql: Sql, worker: TestWorker = {}): Promise<number> {
  const { state = 'active' } = worker;
  const hasEnded = state === 'stopped' || state === 'lost';
  const [row] = await sql<{ id: number }>(
    `INSERT INTO worker (name, host, pid, version, state, labels, queues, kinds, slots, slots_in_use, lease_until,
       drain_requested_by, ended_at)
     VALUES ($1, 'test-host', 1, '0.0.0', $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
    [
      worker.name ?? 'w-test',
      state,
      JSON.stringify(worker.labels ?? {}),
      worker.queues ?? [],
      worker.kinds ?? [],
      worker.slots ?? 4,
      worker.slotsInUse ?? 0,
      worker.leaseUntil ?? new Date(Date.now() + 60_000),
      worker.drainRequestedBy ?? null,
      worker.endedAt ?? (hasEnded ? new Date() : null),
    ],
  );
  return row!.id;
}
