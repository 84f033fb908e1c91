import type { JobMessages } from '../messages/rule.ts';
import { refuse, type Refused } from '../outcome.ts';
import type { Tx } from '../prisma.ts';

/**
 * Whoever names channels names those that there are; null when nothing is wrong.
 * @param named before: a channel that was deleted since keeps nobody from another edit
 */
export async function refuseUnknownChannels(
  tx: Tx,
  { use, channels }: Pick<JobMessages, 'use' | 'channels'>,
  named: readonly string[] = [],
): Promise<Refused | null> {
  if (use !== 'channels' || channels.length === 0) return null;
  const known = await tx.channel.findMany({ select: { key: true }, orderBy: { key: 'asc' } });
  const keys = known.map(({ key }) => key);
  const missing = channels.find((key) => !keys.includes(key) && !named.includes(key));
  if (missing === undefined) return null;
  const choice = keys.length === 0 ? 'Make it first' : `Choose of ${keys.join(', ')}`;
  const message = `There is no channel ${missing}. ${choice}.`;
  return refuse('invalid', message, [{ path: ['messages', 'channels'], message }]);
}

/** Channels that a job's newest revision names. */
export async function channelsNamedBy(tx: Tx, jobId: number | null): Promise<string[]> {
  if (jobId === null) return [];
  const newest = await tx.revision.findFirst({
    where: { jobId },
    orderBy: { number: 'desc' },
    select: { definition: true },
  });
  const { messages } = (newest?.definition ?? {}) as { messages?: { channels?: string[] } };
  return messages?.channels ?? [];
}
