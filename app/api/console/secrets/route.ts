import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { readSecrets } from '#core/secrets/read-secrets.ts';
import { defineRoute } from '../../define-route.ts';

/** Names of secrets and who uses them; their values never leave the worker. */
export const GET = defineRoute(z.object({}), async (_, actor) => done(await readSecrets(actor)));
