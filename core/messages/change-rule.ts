import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { refuseUnknownChannels } from '../channels/known-channels.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { readMessageRow, tryMessageAgain } from './messages.sql.ts';
import { MessageRule } from './rule.ts';
import { readTellingRules } from './tell.sql.ts';

/** Whom the installation tells, where a job doesn't say otherwise. It counts for problems that begin from now on. */
export async function changeMessageRule(
  actor: Actor,
  input: z.input<typeof MessageRule>,
): Promise<Outcome<MessageRule>> {
  authorize(actor, 'channel:write');
  const parsed = MessageRule.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const rule = parsed.data;
  return inTransaction(async (tx, sql) => {
    await sql('SELECT id FROM installation FOR UPDATE');
    const unknown = await refuseUnknownChannels(tx, { use: 'channels', channels: rule.channels });
    if (unknown) return unknown;
    const before = MessageRule.parse((await readTellingRules(sql)).saved);
    if (isDeepStrictEqual(before, rule)) return done(rule);
    await tx.installation.update({ where: { id: 1 }, data: { messageRule: rule } });
    await audit(tx, actor, {
      action: 'messages.change',
      subject: 'installation',
      before,
      after: rule,
    });
    await announce(sql, 'channel');
    return done(rule);
  });
}

/** Tries once more to deliver what was given up. */
export async function sendMessageAgain(actor: Actor, id: number): Promise<Outcome<{ id: number }>> {
  authorize(actor, 'channel:write');
  return inTransaction(async (tx, sql) => {
    const again = await tryMessageAgain(sql, id);
    if (!again) {
      const known = await readMessageRow(sql, id);
      return refuse(
        known ? 'conflict' : 'not_found',
        known
          ? 'This message isn’t one that was given up, or its channel is gone. Look at the list again.'
          : `There is no message ${id} any more.`,
      );
    }
    await audit(tx, actor, {
      action: 'message.retry',
      subject: `channel:${again.channel}`,
      after: { messageId: id },
    });
    await announce(sql, 'channel');
    await signalWorkers(sql, 'message');
    return done({ id });
  });
}
