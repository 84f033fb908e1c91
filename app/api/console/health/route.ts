import { z } from 'zod';
import { readHealth } from '#core/health/read-health.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_input, actor) =>
  done(await readHealth(actor)),
);
