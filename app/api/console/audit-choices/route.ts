import { listTrailChoices } from '#core/audit/trail.ts';
import { done } from '#core/outcome.ts';
import { z } from 'zod';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_, actor) =>
  done(await listTrailChoices(actor)),
);
