import { z } from 'zod';
import { readChannels } from '#core/channels/read-channels.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

/** The channels for messages, and whom the installation tells. */
export const GET = defineRoute(z.object({}), async (_, actor) => done(await readChannels(actor)));
