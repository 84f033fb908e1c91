import { startBackfill } from '#core/backfill/start-backfill.ts';
import { createBlackout } from '#core/blackouts/blackouts.ts';
import { createCalendar } from '#core/calendars/calendars.ts';
import { editJobState } from '#core/job-state/edit-job-state.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import type { TestDatabase } from './database.ts';
import { makeJob, type TestJob, type TestJobOverrides } from './jobs.ts';
import { insertRun } from './ledger.ts';
import { valueOf } from './outcomes.ts';
import { admin } from './web.ts';

/** On what an action or a route is tried: every job that a sample makes carries `labels`. */
export type Seed = {
  db: TestDatabase;
  labels: Record<string, string>;
  /** Who will ask: their own account's id, and their session's. */
  caller: { userId: string; sessionId: string };
};

/** What a person types as the reason, wherever one can be given: the trail must hold it. */
export const REASON = 'because the invoices of March are wrong';

const HOUR_MS = 3_600_000;
let made = 0;
export const fresh = (word: string) => `${word}-${process.pid}-${++made}`;

export const hourly = {
  type: 'interval',
  everyMs: HOUR_MS,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
} as const;

export const inADay = () => new Date(Date.now() + 24 * HOUR_MS).toISOString();

/** Fires every hour since the day before yesterday; nothing of it ran. */
export const jobOf = ({ db, labels }: Seed, overrides: TestJobOverrides = {}): Promise<TestJob> =>
  makeJob(db, {
    labels,
    schedule: hourly,
    work: { kind: 'http', url: 'https://example.org/ping' },
    createdAt: new Date(Date.now() - 48 * HOUR_MS),
    ...overrides,
  });

/** Made just now, so that nothing of it is still to run: what fires before can be backfilled. */
export const newJobOf = (seed: Seed): Promise<TestJob> => jobOf(seed, { createdAt: new Date() });

export async function pausedJobOf(seed: Seed): Promise<TestJob> {
  const job = await jobOf(seed);
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'for the test' }));
  return job;
}

/** At revision 2, which differs from the first in its notes. */
export async function editedJobOf(
  seed: Seed,
  trial?: Parameters<typeof editJob>[1]['trial'],
): Promise<TestJob> {
  const job = await jobOf(seed);
  const definition = { ...job.definition, notes: 'as edited', priority: 1 };
  valueOf(
    await editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition,
      note: '',
      ...(trial && { trial }),
    }),
  );
  return { ...job, revision: 2 };
}

/** An edit of its notes that waits for a second person. */
export async function proposalOf(
  seed: Seed,
  proposerId: string,
): Promise<{ job: TestJob; id: number }> {
  const job = await jobOf(seed);
  const [made] = await seed.db.sql<{ id: number }>(
    `INSERT INTO proposal (job_id, action, based_on_revision, definition, proposed_by, proposer_id)
     VALUES ($1, 'job.edit', 1, $2, 'Somebody', $3) RETURNING id`,
    [job.id, JSON.stringify({ ...job.definition, notes: 'as proposed' }), proposerId],
  );
  return { job, id: made!.id };
}

export async function jobWithOpenCircuit(seed: Seed): Promise<TestJob> {
  const job = await jobOf(seed, {
    circuit: { per: 'job', failures: 1, withinMs: 60_000, openMs: 60_000 },
  });
  await seed.db.sql(
    `INSERT INTO circuit (job_id, opened_at, open_until, open_ms, cause)
     VALUES ($1, now(), now() + interval '1 min', 60000, '1 failure')`,
    [job.id],
  );
  return job;
}

export async function jobWithState(seed: Seed): Promise<TestJob> {
  const job = await jobOf(seed);
  for (const body of ['cursor 41', 'cursor 42']) {
    valueOf(
      await editJobState(admin, { jobId: job.id, basedOn: null, body, reason: 'for the test' }),
    );
  }
  return job;
}

export async function runOf(
  seed: Seed,
  run: Partial<Parameters<typeof insertRun>[1]> = {},
): Promise<{ job: TestJob; runId: number }> {
  const job = await jobOf(seed);
  const runId = await insertRun(seed.db.sql, {
    jobId: job.id,
    state: 'failed',
    trigger: 'manual',
    kind: 'http',
    requestedBy: 'Test',
    cause: 'exit 1',
    ...run,
  });
  return { job, runId };
}

export async function backfillOf(seed: Seed): Promise<{ job: TestJob; id: number }> {
  const job = await newJobOf(seed);
  const from = new Date(Date.now() - 24 * HOUR_MS);
  const { id } = valueOf(await startBackfill(admin, { jobId: job.id, from: from.toISOString() }));
  return { job, id };
}

export const calendarSays = { workdays: [], dates: [], holidays: null, weekend: [0, 6] };

export async function calendarOf(_seed: Seed): Promise<{ key: string; revision: number }> {
  const key = fresh('calendar');
  valueOf(await createCalendar(admin, { key, name: 'Office', definition: calendarSays, note: '' }));
  return { key, revision: 1 };
}

/** Begins in an hour, or began an hour ago; hits the jobs with the seed's labels. */
export const blackoutSays = (labels: Record<string, string>, startsInMs = HOUR_MS) => ({
  name: 'Database maintenance',
  note: REASON,
  effect: 'skip' as const,
  times: {
    type: 'once' as const,
    from: new Date(Date.now() + startsInMs).toISOString(),
    to: new Date(Date.now() + startsInMs + 2 * HOUR_MS).toISOString(),
  },
  scope: { type: 'labels' as const, labels },
});

export async function blackoutOf({ labels }: Seed, startsInMs?: number): Promise<{ id: number }> {
  return valueOf(await createBlackout(admin, blackoutSays(labels, startsInMs)));
}
