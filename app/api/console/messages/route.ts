import { listMessages, MessagesQuery } from '#core/channels/read-channels.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

/** A page of messages, newest first. */
export const GET = defineRoute(MessagesQuery, async (input, actor) =>
  done(await listMessages(actor, input)),
);
