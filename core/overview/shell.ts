import { type Actor, authorize, may, type Scope, scopeOf } from '../auth/permissions.ts';
import { scopeParameter } from '../auth/scope.sql.ts';
import { readBlackoutOfAll } from '../blackouts/blackout-of-all.ts';
import { type Sql, sqlOf } from '../db.ts';
import type { CheckName } from '../health/checks.ts';
import { worstOf } from '../health/judge.ts';
import { latestSeen, type Seen } from '../health/latest.ts';
import { countJobs } from '../jobs/job-facts.sql.ts';
import type { PausedAll } from '../installation/read-installation.ts';
import { StandingAnswer } from '../jobs/resume-answer.ts';
import { webPool } from '../prisma.ts';
import { readTogether } from '../read-together.ts';
import { type ClosedVault, readClosedVault } from '../secrets/vault.ts';
import type { BlackoutEffect } from '../schedules/blackouts/blackout-times.ts';

/** What stands around every page: counts, whether Punctual itself is well, whether everything is paused. */
export type ShellState = {
  /** Those that the actor may know of. */
  jobs: number;
  failingJobs: number;
  queues: number;
  workers: number;
  /** Pages about the whole installation that the actor may not open. */
  closed: ClosedPage[];
  health: ShellHealth;
  pausedAll: PausedAll | null;
  /** A blackout of all jobs that is on; `until` is null where it has no end. */
  blackout: { name: string; effect: BlackoutEffect; until: string | null } | null;
  /** The key of this process doesn't fit the secrets that there are. */
  vault: ClosedVault | null;
};

/** How Punctual itself is, without any name in it: the worst that is wrong, and how many things beside. */
export type ShellHealth =
  | { level: 'well'; startLagMs: number | null }
  | { level: 'bad' | 'warn'; check: CheckName; count: number; isKnown: boolean; others: number };

export type ClosedPage = 'forecast' | 'workers' | 'health';

export async function readShellState(actor: Actor): Promise<ShellState> {
  authorize(actor, 'installation:read');
  return readTogether(actor, ['shell'], () => shellFor(actor));
}

async function shellFor(actor: Actor): Promise<ShellState> {
  const sql = sqlOf(webPool());
  const [counts, seen, blackout, vault] = await Promise.all([
    readCounts(sql, scopeOf(actor, 'job:read')),
    latestSeen(),
    readBlackoutOfAll(sql),
    readClosedVault(sql),
  ]);
  const { pausedAt, pausedBy, pauseReason, pauseUntil, resumeAnswer, ...numbers } = counts;
  return {
    ...numbers,
    closed: closedTo(actor),
    blackout,
    vault,
    health: healthOf(seen),
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
  ...(may(actor, 'health:read') ? [] : ['health' as const]),
];

function healthOf({ judged, startLagMs }: Seen): ShellHealth {
  const worst = worstOf(judged);
  if (worst === null) return { level: 'well', startLagMs };
  const { name, level, value, about } = worst;
  return {
    level: level === 'bad' ? 'bad' : 'warn',
    check: name,
    count: Math.max(1, about.length),
    isKnown: value !== null,
    others: judged.filter((one) => one.level === level).length - 1,
  };
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
