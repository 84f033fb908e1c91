import { type Actor, authorize, may, scopeOf } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import { sqlOf } from '../db.ts';
import { type ArchiveStatus, readArchiveStatus } from '../history/archive-status.ts';
import { StandingAnswer } from '../jobs/resume-answer.ts';
import { prisma, webPool } from '../prisma.ts';
import { TwoPersonRule } from '../proposals/two-person-rule.ts';

/** Everything is paused; `until`: when it goes on by itself, and `answer` what runs then of what fell into it. */
export type PausedAll = {
  since: string;
  by: string;
  reason: string;
  until: string | null;
  answer: StandingAnswer['rule'];
};

/** What holds for the whole installation. Instants are ISO 8601. */
export type InstallationView = {
  /** Days that history is kept where a job doesn't say otherwise. */
  retentionDays: number;
  /** Edits of jobs with these labels wait for a second person. */
  twoPersons: TwoPersonRule;
  /** Where the archive is and what is wrong with it is for admins: empty texts for others. */
  history: ArchiveStatus;
  pausedAll: PausedAll | null;
  /** Sample jobs that the actor may know of and nobody has made their own. */
  samples: number;
};

export async function readInstallation(actor: Actor): Promise<InstallationView> {
  authorize(actor, 'installation:read');
  const known = scopeParameter(scopeOf(actor, 'job:read'));
  const [row, [counted], history] = await Promise.all([
    prisma().installation.findUniqueOrThrow({ where: { id: 1 } }),
    sqlOf(webPool())<{ samples: number }>(COUNT_SAMPLES, [known]),
    readArchiveStatus(sqlOf(webPool())),
  ]);
  const { retentionDays, pausedAt, pausedBy, pauseReason, pauseUntil, resumeAnswer } = row;
  return {
    retentionDays,
    samples: counted!.samples,
    twoPersons: TwoPersonRule.parse(row.twoPersons),
    history: may(actor, 'installation:write') ? history : withoutPlace(history),
    pausedAll: pausedAt && {
      since: pausedAt.toISOString(),
      by: pausedBy ?? '',
      reason: pauseReason ?? '',
      until: pauseUntil?.toISOString() ?? null,
      answer: StandingAnswer.safeParse(resumeAnswer).data?.rule ?? 'skip',
    },
  };
}

function withoutPlace({ place, failing, ...status }: ArchiveStatus): ArchiveStatus {
  return {
    ...status,
    place: place && '',
    failing: failing && { since: failing.since, why: '' },
  };
}

const COUNT_SAMPLES = `
SELECT count(*)::int AS samples FROM job
 WHERE is_sample AND deleted_at IS NULL AND ${inScope('labels', '$1')}`;
