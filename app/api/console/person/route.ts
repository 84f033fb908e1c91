import { z } from 'zod';
import { readPerson } from '#core/users/read-people.ts';
import { defineRoute } from '../../define-route.ts';

/** One person, and where they are signed in. */
export const GET = defineRoute(z.object({ id: z.string().min(1).max(100) }), ({ id }, actor) =>
  readPerson(actor, id),
);
