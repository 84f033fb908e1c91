import { z } from 'zod';
import { readChannelChoices } from '#core/channels/read-channels.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

/** What a job may name. */
export const GET = defineRoute(z.object({}), async (_, actor) =>
  done(await readChannelChoices(actor)),
);
