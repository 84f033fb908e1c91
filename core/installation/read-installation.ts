import { type Actor, authorize } from '../auth/permissions.ts';
import { prisma } from '../prisma.ts';

/** What holds for the whole installation. Instants are ISO 8601. */
export type InstallationView = {
  /** Days that history is kept where a job doesn't say otherwise. */
  retentionDays: number;
  pausedAll: { since: string; by: string; reason: string } | null;
  /** Sample jobs that nobody has made their own. */
  samples: number;
};

export async function readInstallation(actor: Actor): Promise<InstallationView> {
  authorize(actor, 'installation:read');
  const [row, samples] = await Promise.all([
    prisma().installation.findUniqueOrThrow({ where: { id: 1 } }),
    prisma().job.count({ where: { isSample: true, deletedAt: null } }),
  ]);
  const { retentionDays, pausedAt, pausedBy, pauseReason } = row;
  return {
    retentionDays,
    samples,
    pausedAll: pausedAt && {
      since: pausedAt.toISOString(),
      by: pausedBy ?? '',
      reason: pauseReason ?? '',
    },
  };
}
