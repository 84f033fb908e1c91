import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { readPeople } from '#core/users/read-people.ts';
import { defineRoute } from '../../define-route.ts';

/** All accounts, the invitations that are still open, and what holds for all of them. */
export const GET = defineRoute(z.object({}), async (_, actor) => done(await readPeople(actor)));
