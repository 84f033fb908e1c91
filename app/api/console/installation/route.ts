import { z } from 'zod';
import { readInstallation } from '#core/installation/read-installation.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../define-route.ts';

/** What holds for the whole installation. */
export const GET = defineRoute(z.object({}), async (_, actor) =>
  done(await readInstallation(actor)),
);
