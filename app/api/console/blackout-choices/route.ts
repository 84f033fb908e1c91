import { z } from 'zod';
import { readBlackoutChoices } from '#core/blackouts/choices.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_, actor) =>
  done(await readBlackoutChoices(actor)),
);
