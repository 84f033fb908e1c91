import { audit } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import { inTransaction } from '../prisma.ts';
import type { BackupSummary } from './take-backup.ts';

/** Says in the trail that somebody took all data away, or brought it. */
export async function recordBackup(
  actor: Actor,
  action: 'installation.backup' | 'installation.restore',
  { takenAt, rows }: BackupSummary,
): Promise<void> {
  await inTransaction((tx) =>
    audit(tx, actor, {
      action,
      subject: 'installation',
      after: { takenAt: takenAt.toISOString(), rows },
    }),
  );
}
