import { readTrailState } from '#core/audit/verify.ts';
import { done } from '#core/outcome.ts';
import { z } from 'zod';
import { defineRoute } from '../../define-route.ts';

/** How far the trail is sealed, and when that was last looked at. */
export const GET = defineRoute(z.object({}), async (_, actor) => done(await readTrailState(actor)));
