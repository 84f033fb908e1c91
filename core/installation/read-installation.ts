import { type Actor, authorize } from '../auth/permissions.ts';
import { StandingAnswer } from '../jobs/resume-answer.ts';
import { prisma } from '../prisma.ts';

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
  pausedAll: PausedAll | null;
  /** Sample jobs that nobody has made their own. */
  samples: number;
};

export async function readInstallation(actor: Actor): Promise<InstallationView> {
  authorize(actor, 'installation:read');
  const [row, samples] = await Promise.all([
    prisma().installation.findUniqueOrThrow({ where: { id: 1 } }),
    prisma().job.count({ where: { isSample: true, deletedAt: null } }),
  ]);
  const { retentionDays, pausedAt, pausedBy, pauseReason, pauseUntil, resumeAnswer } = row;
  return {
    retentionDays,
    samples,
    pausedAll: pausedAt && {
      since: pausedAt.toISOString(),
      by: pausedBy ?? '',
      reason: pauseReason ?? '',
      until: pauseUntil?.toISOString() ?? null,
      answer: StandingAnswer.safeParse(resumeAnswer).data?.rule ?? 'skip',
    },
  };
}
