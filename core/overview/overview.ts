import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import { briefly } from '../briefly.ts';
import { databaseNow } from '../database-now.ts';
import { sqlOf } from '../db.ts';
import { ListJobs } from '../jobs/job-filters.ts';
import { listJobRows } from '../jobs/job-list.sql.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { JobSummary } from '../jobs/job-summary.ts';
import { withHistory } from '../jobs/reads.ts';
import { webPool } from '../prisma.ts';
import { readTogether } from '../read-together.ts';
import { listWaitingEdits, type WaitingEdit } from '../proposals/read-proposals.ts';
import { listQueues, type QueueSummary } from '../queues/reads.ts';
import { readWhyWith } from '../why/read-why.ts';
import type { Cause } from '../why/why.ts';
import { type Capacity, type NextTick, readCapacity, readNextTicks } from './overview.sql.ts';

/** Is anything wrong, and what's next? Instants are ISO 8601. */
export type Overview = {
  /** All jobs by state; of all that is here only those that the actor may know of. */
  byState: Record<JobState, number>;
  jobs: number;
  /** Failing and overdue jobs, at most 20 of `needsYouTotal`. */
  needsYou: NeedsYou[];
  needsYouTotal: number;
  /** Edits that wait for a second person, the oldest first. */
  waitingEdits: WaitingEdit[];
  /** By time; jobs of one instant together. */
  next: { at: string; keys: string[] }[];
  capacity: Capacity;
  room: QueueSummary[];
};

/** A job that needs a person, with what its overdue run waits for, the weightiest of it; of the first few only. */
export type NeedsYou = JobSummary & { waitsFor: Cause | null };

const MOST_NEEDS = 20;
/** Who stands before a run is reckoned at the cost of the jobs that wait; where hundreds do, they wait for the same. */
const MOST_CAUSES = 5;
const MOST_NEXT = 30;
const NONE = { failing: 0, overdue: 0, running: 0, paused: 0, healthy: 0, never_ran: 0 };

export async function readOverview(actor: Actor): Promise<Overview> {
  const scope = scopeOf(actor, 'job:read');
  return readTogether(actor, ['overview'], () => overviewFor(actor, scope));
}

async function overviewFor(actor: Actor, scope: Scope): Promise<Overview> {
  const sql = sqlOf(webPool());
  const [needs, waitingEdits, next, capacity, room] = await Promise.all([
    listJobRows(sql, ListJobs.parse({ states: ['failing', 'overdue'] }), MOST_NEEDS, scope),
    listWaitingEdits(actor),
    readNextTicks(sql, MOST_NEXT, scope),
    readCapacity(sql),
    listQueues(actor),
  ]);
  const byState = { ...NONE, ...needs.byState };
  const summaries = await withHistory(sql, needs.rows, await databaseNow(sql));
  return {
    byState,
    jobs: Object.values(byState).reduce((sum, jobs) => sum + jobs, 0),
    needsYou: await withCauses(actor, summaries),
    needsYouTotal: needs.total,
    waitingEdits,
    next: byInstant(next),
    capacity,
    room,
  };
}

/** One after another: whoever reads besides has the other connections. */
async function withCauses(actor: Actor, jobs: readonly JobSummary[]): Promise<NeedsYou[]> {
  const told: NeedsYou[] = [];
  let causes = 0;
  for (const job of jobs) {
    const runId = job.state === 'overdue' ? job.overdue?.runId : null;
    const isAsked = runId && causes < MOST_CAUSES;
    if (isAsked) causes += 1;
    const asked = JSON.stringify([job.id, scopeOf(actor, 'run:read')]);
    told.push({ ...job, waitsFor: isAsked ? await readCauseOnce(asked, runId) : null });
  }
  return told;
}

// Kept by the job and not by its run: in a crowd the run that waits longest is another one every moment.
const readCauseOnce = briefly(
  async (asked: string, runId: number): Promise<Cause | null> => {
    const [, scope] = JSON.parse(asked) as [number, Scope];
    const why = await readWhyWith(sqlOf(webPool()), { runId }, scope);
    return why.ok ? why.value.causes[0] : null;
  },
  { times: 50, mostMs: 5_000 },
);

function byInstant(ticks: readonly NextTick[]): Overview['next'] {
  const groups = Map.groupBy(ticks, ({ at }) => at.toISOString());
  return [...groups].map(([at, jobs]) => ({ at, keys: jobs.map(({ key }) => key) }));
}
