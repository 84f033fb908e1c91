import { z } from 'zod';
import { ChannelKey } from '#core/channels/channel-key.ts';
import { readChannelUses } from '#core/channels/read-channels.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

/** Which jobs name a channel. */
export const GET = defineRoute(z.object({ key: ChannelKey }), async ({ key }, actor) =>
  done(await readChannelUses(actor, key)),
);
