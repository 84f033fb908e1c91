import type { Sql } from '#core/db.ts';
import type { OverlapRule } from '#core/jobs/definition.ts';
import { type Claim, claimRuns } from '#core/runs/claim.sql.ts';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import type { RunState } from '#core/runs/states.ts';
import { registerWorker } from '#core/workers/lease.sql.ts';
import type { TestJob } from './jobs.ts';

export type TestRunOverrides = {
  scheduledFor?: Date;
  dueAt?: Date;
  startBy?: Date | null;
  trigger?: 'tick' | 'manual' | 'test';
  overlap?: OverlapRule;
  maxParallel?: number | null;
  priority?: number;
  queue?: string;
  runsOn?: Record<string, string> | null;
  hold?: 'paused' | null;
  attempt?: number;
  revision?: number;
  parameters?: Record<string, unknown> | null;
};

/** Inserts a queued run, due a second ago unless told otherwise. Returns its id. */
export async function makeRun(
  db: { sql: Sql },
  job: TestJob,
  overrides: TestRunOverrides = {},
): Promise<number> {
  const dueAt = overrides.dueAt ?? new Date(Date.now() - 1_000);
  const trigger = overrides.trigger ?? 'manual';
  const [row] = await db.sql<{ id: number }>(
    `INSERT INTO run (scheduled_for, job_id, revision, trigger, requested_by, queue, kind, priority, overlap,
                      max_parallel, runs_on, start_by, due_at, hold, attempt, parameters, covers)
     VALUES ($1::timestamptz, $2::int, $3::int, $4::text, $5::text, $6::text, $7::text, $8::smallint, $9::text,
             $10::int, $11::jsonb, $12::timestamptz, $13::timestamptz, $14::text, $15::smallint, $16::jsonb,
             $4::text <> 'test')
     RETURNING id`,
    [
      overrides.scheduledFor ?? dueAt,
      job.id,
      overrides.revision ?? job.revision,
      trigger,
      trigger === 'tick' ? null : 'Test',
      overrides.queue ?? job.definition.queue,
      job.definition.work.kind,
      overrides.priority ?? job.definition.priority,
      overrides.overlap ?? job.definition.overlap,
      overrides.maxParallel ?? job.definition.maxParallel,
      overrides.runsOn ? JSON.stringify(overrides.runsOn) : null,
      overrides.startBy ?? null,
      dueAt,
      overrides.hold ?? null,
      overrides.attempt ?? 0,
      overrides.parameters ? JSON.stringify(overrides.parameters) : null,
    ],
  );
  return row!.id;
}

/** Registers a worker row of its own, without a process behind it. Returns its id. */
export async function makeWorker(
  db: { sql: Sql },
  { name = 'w-test', leaseMs = 60_000 }: { name?: string; leaseMs?: number } = {},
): Promise<number> {
  const { workerId } = await registerWorker(db.sql, {
    name,
    host: 'test',
    pid: process.pid,
    version: '0.0.0',
    labels: {},
    queues: [],
    kinds: [],
    slots: 100,
    leaseMs,
    clockOffsetMs: 0,
    secretKeys: [],
  });
  return workerId;
}

/** No runs, no attempts, no workers. For a few rows DELETE is faster than TRUNCATE of every partition. */
export async function emptyLedger(db: { sql: Sql }): Promise<void> {
  for (const table of ['run', 'attempt', 'log_chunk', 'worker'])
    await db.sql(`DELETE FROM ${table}`);
}

/** Claims what may start, as a worker would, outside any lock. */
export async function claimFor(
  db: { sql: Sql },
  workerId: number,
  slots = 100,
  more: Partial<Claim> = {},
): Promise<ClaimedRun[]> {
  const queues = await db.sql<{ name: string }>('SELECT name FROM queue ORDER BY name');
  return claimRuns(db.sql, {
    workerId,
    room: { slots },
    queues: queues.map(({ name }) => name),
    kinds: [],
    labels: {},
    ...more,
  });
}

export type LedgerRow = {
  id: number;
  state: RunState;
  attempt: number;
  workerId: number | null;
  skipReason: string | null;
  cause: string | null;
  losses: number;
  dueAt: Date;
  isCancelRequested: boolean;
};

/** The ledger's rows of these runs (or of all), by id. */
export async function readLedger(db: { sql: Sql }, ids?: readonly number[]): Promise<LedgerRow[]> {
  return db.sql<LedgerRow>(
    `SELECT id, state, attempt, worker_id AS "workerId", skip_reason AS "skipReason", cause, losses,
            due_at AS "dueAt", cancel_requested_at IS NOT NULL AS "isCancelRequested"
     FROM run WHERE $1::bigint[] IS NULL OR id = ANY ($1::bigint[]) ORDER BY id`,
    [ids ?? null],
  );
}
