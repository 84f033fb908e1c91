import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { readOverview } from '#core/overview/overview.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_input, actor) =>
  done(await readOverview(actor)),
);
