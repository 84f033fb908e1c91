import { z } from 'zod';
import { readUndeliveredMessages } from '#core/channels/read-channels.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

/** How many messages of the last day didn't arrive. */
export const GET = defineRoute(z.object({}), async (_, actor) =>
  done(await readUndeliveredMessages(actor)),
);
