import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

export const ChangeRetention = z.object({
  retentionDays: z
    .int('Give a whole number of days.')
    .min(1, 'Keep history for at least 1 day.')
    .max(3650, 'Keep history for at most 3,650 days.'),
});

/** How long history is kept where a job doesn't say otherwise. The worker drops what is older, within the day. */
export async function changeRetention(
  actor: Actor,
  input: z.input<typeof ChangeRetention>,
): Promise<Outcome<{ retentionDays: number }>> {
  authorize(actor, 'installation:write');
  const parsed = ChangeRetention.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { retentionDays } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    if (before.retentionDays === retentionDays) return done({ retentionDays });
    await tx.installation.update({ where: { id: 1 }, data: { retentionDays } });
    await audit(tx, actor, {
      action: 'installation.retention',
      subject: 'installation',
      before: { retentionDays: before.retentionDays },
      after: { retentionDays },
    });
    await announce(sql, 'installation');
    return done({ retentionDays });
  });
}
