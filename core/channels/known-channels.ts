import type { JobMessages } from '../messages/rule.ts';
import { refuse, type Refused } from '../outcome.ts';
import type { Tx } from '../prisma.ts';

/** A job that is saved names channels that there are; null when nothing is wrong. */
export async function refuseUnknownChannels(
  tx: Tx,
  { use, channels }: Pick<JobMessages, 'use' | 'channels'>,
): Promise<Refused | null> {
  if (use !== 'channels' || channels.length === 0) return null;
  const known = await tx.channel.findMany({ select: { key: true }, orderBy: { key: 'asc' } });
  const keys = known.map(({ key }) => key);
  const missing = channels.find((key) => !keys.includes(key));
  if (missing === undefined) return null;
  const choice = keys.length === 0 ? 'Make it first' : `Choose of ${keys.join(', ')}`;
  const message = `There is no channel ${missing}. ${choice}.`;
  return refuse('invalid', message, [{ path: ['messages', 'channels'], message }]);
}
