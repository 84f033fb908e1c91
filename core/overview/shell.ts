import { type Actor, authorize, may, type Scope, scopeOf } from '../auth/permissions.ts';
import { scopeParameter } from '../auth/scope.sql.ts';
import { readBlackoutOfAll } from '../blackouts/blackout-of-all.ts';
import { type Sql, sqlOf } from '../db.ts';
import { countActiveWorkers, readPlannerLagMs } from '../health/health.sql.ts';
import { countJobs } from '../jobs/job-facts.sql.ts';
import type { PausedAll } from '../installation/read-installation.ts';
import { StandingAnswer } from '../jobs/resume-answer.ts';
import { webPool } from '../prisma.ts';
import { type ClosedVault, readClosedVault } from '../secrets/vault.ts';
import type { BlackoutEffect } from '../schedules/blackouts/blackout-times.ts';
import { readStartLagMs } from './overview.sql.ts';

/** What stands around every page: counts, whether Punctual itself is well, whether everything is paused. */
export type ShellState = {
  /** Those that the actor may know of. */
  jobs: number;
  failingJobs: number;
  queues: number;
  workers: number;
  /** Pages about the whole installation that the actor may not open. */
  closed: ClosedPage[];
  health:
    | { state: 'well'; startLagMs: number | null }
    | { state: 'unwell'; problem: 'no_worker' }
    | { state: 'unwell'; problem: 'planner_behind'; behindMs: number };
  pausedAll: PausedAll | null;
  /** A blackout of all jobs that is on; `until` is null where it has no end. */
  blackout: { name: string; effect: BlackoutEffect; until: string | null } | null;
  /** The key of this process doesn't fit the secrets that there are. */
  vault: ClosedVault | null;
};

export type ClosedPage = 'forecast' | 'workers';

/** A tick that is due so long and has no row yet means that no planner works. */
const MOST_PLANNER_LAG_MS = 30_000;

export async function readShellState(actor: Actor): Promise<ShellState> {
  authorize(actor, 'installation:read');
  const sql = sqlOf(webPool());
  const [counts, workers, behindMs, startLagMs, blackout, vault] = await Promise.all([
    readCounts(sql, scopeOf(actor, 'job:read')),
    countActiveWorkers(sql),
    readPlannerLagMs(sql),
    readStartLagMs(sql),
    readBlackoutOfAll(sql),
    readClosedVault(sql),
  ]);
  const { pausedAt, pausedBy, pauseReason, pauseUntil, resumeAnswer, ...numbers } = counts;
  return {
    ...numbers,
    closed: closedTo(actor),
    blackout,
    vault,
    health: healthOf(workers, behindMs, startLagMs),
    pausedAll: pausedAt && {
      since: pausedAt.toISOString(),
      by: pausedBy ?? '',
      reason: pauseReason ?? '',
      until: pauseUntil?.toISOString() ?? null,
      answer: StandingAnswer.safeParse(resumeAnswer).data?.rule ?? 'skip',
    },
  };
}

const closedTo = (actor: Actor): ClosedPage[] => [
  ...(may(actor, 'forecast:read') ? [] : ['forecast' as const]),
  ...(may(actor, 'worker:read') ? [] : ['workers' as const]),
];

function healthOf(
  workers: number,
  behindMs: number,
  startLagMs: number | null,
): ShellState['health'] {
  if (workers === 0) return { state: 'unwell', problem: 'no_worker' };
  if (behindMs > MOST_PLANNER_LAG_MS) {
    return { state: 'unwell', problem: 'planner_behind', behindMs };
  }
  return { state: 'well', startLagMs };
}

type Counts = Pick<ShellState, 'jobs' | 'failingJobs' | 'queues' | 'workers'> & {
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  pauseUntil: Date | null;
  resumeAnswer: unknown;
};

async function readCounts(sql: Sql, scope: Scope): Promise<Counts> {
  const [row] = await sql<Counts>(
    `SELECT counted.*,
            (SELECT count(*) FROM queue)::int AS queues,
            (SELECT count(*) FROM worker WHERE ended_at IS NULL AND lease_until > clock_timestamp())::int AS workers,
            i.paused_at AS "pausedAt", i.paused_by AS "pausedBy", i.pause_reason AS "pauseReason",
            i.pause_until AS "pauseUntil", i.resume_answer AS "resumeAnswer"
       FROM installation i CROSS JOIN (${countJobs('$1')}) AS counted`,
    [scopeParameter(scope)],
  );
  return row!;
}
