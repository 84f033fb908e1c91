import { z } from 'zod';
import { ChannelKey } from '../channels/channel-key.ts';
import { TOLD } from './told.ts';

const channels = z.array(ChannelKey).max(20, 'Choose at most 20 channels.');
const on = z
  .array(z.enum(TOLD, { error: `Choose of ${TOLD.join(', ')}.` }))
  .max(TOLD.length)
  // In one order, so that what was chosen in another counts as the same.
  .transform((chosen) => TOLD.filter((told) => chosen.includes(told)));
const remindHours = z
  .int('Give whole hours.')
  .min(1, 'Remind after at least 1 hour.')
  .max(720, 'Remind after at most 720 hours.')
  .nullable();

/** Who is told of what, and how often again while it lasts; without hours: once. */
export const MessageRule = z.object({ channels, on, remindHours });
export type MessageRule = z.output<typeof MessageRule>;

/** What a job says of that: as the installation does, these channels, or nobody. */
export const JobMessages = z.object({
  use: z
    .enum(['default', 'channels', 'none'], { error: 'Choose default, channels or none.' })
    .default('default'),
  channels: channels.default([]),
  on: on.default([...TOLD]),
  remindHours: remindHours.default(null),
});
export type JobMessages = z.output<typeof JobMessages>;

/**
 * The rule that holds for a job. Channels that are gone are left out; where a job's own are all gone the installation's
 * take their place, so that deleting a channel never makes a job mute. Null: nobody is told.
 */
export function ruleFor(
  own: JobMessages,
  installation: MessageRule,
  known: ReadonlySet<string>,
): MessageRule | null {
  if (own.use === 'none') return null;
  const usual = {
    ...installation,
    channels: installation.channels.filter((key) => known.has(key)),
  };
  if (own.use === 'default') return usual.channels.length > 0 ? usual : null;
  const chosen = own.channels.filter((key) => known.has(key));
  const { channels: named } = chosen.length > 0 ? { channels: chosen } : usual;
  return named.length > 0 ? { channels: named, on: own.on, remindHours: own.remindHours } : null;
}
