import type { z } from 'zod';
import type { ChannelInput, EditChannel } from '#core/channels/channel.ts';
import type { SavedChannel } from '#core/channels/channels.ts';
import type { MessageRule } from '#core/messages/rule.ts';
import type { Outcome } from '#core/outcome.ts';

/** The server actions that the page hands down. */
export type ChannelActions = {
  createChannel: (input: z.input<typeof ChannelInput>) => Promise<Outcome<SavedChannel>>;
  editChannel: (input: z.input<typeof EditChannel>) => Promise<Outcome<SavedChannel>>;
  deleteChannel: (input: { key: string }) => Promise<Outcome<{ key: string }>>;
  testChannel: (input: { key: string }) => Promise<Outcome<{ messageId: number }>>;
  changeMessageRule: (input: z.input<typeof MessageRule>) => Promise<Outcome<MessageRule>>;
  sendMessageAgain: (id: number) => Promise<Outcome<{ id: number }>>;
};
