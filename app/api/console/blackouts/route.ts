import { z } from 'zod';
import { listBlackouts } from '#core/blackouts/read-blackouts.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_, actor) => done(await listBlackouts(actor)));
