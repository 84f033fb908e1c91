import { z } from 'zod';
import { readMessage } from '#core/channels/read-channels.ts';
import { defineRoute } from '../../define-route.ts';

/** One message, and what came of it. */
export const GET = defineRoute(
  z.object({ id: z.coerce.number().int().positive() }),
  ({ id }, actor) => readMessage(actor, id),
);
