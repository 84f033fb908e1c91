import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { readDay } from '#core/overview/day.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_input, actor) => done(await readDay(actor)));
