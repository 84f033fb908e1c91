import { z } from 'zod';
import { listCalendars } from '#core/calendars/read-calendars.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_, actor) => done(await listCalendars(actor)));
