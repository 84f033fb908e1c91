import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { TwoPersonRule } from '../proposals/two-person-rule.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

export const ChangeTwoPersons = z.object({ labels: TwoPersonRule });

/** Says the edits of which jobs wait for a second person. What waits already goes on waiting. */
export async function changeTwoPersons(
  actor: Actor,
  input: z.input<typeof ChangeTwoPersons>,
): Promise<Outcome<{ labels: TwoPersonRule }>> {
  authorize(actor, 'installation:write');
  const parsed = ChangeTwoPersons.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { labels } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { twoPersons } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    if (isDeepStrictEqual(twoPersons, labels)) return done({ labels });
    await tx.installation.update({ where: { id: 1 }, data: { twoPersons: labels } });
    await audit(tx, actor, {
      action: 'installation.two_persons',
      subject: 'installation',
      before: { labels: twoPersons ?? [] },
      after: { labels },
    });
    await announce(sql, 'installation');
    return done({ labels });
  });
}
