import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { readShellState } from '#core/overview/shell.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_input, actor) =>
  done(await readShellState(actor)),
);
