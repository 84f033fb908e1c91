import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { listOwnSessions } from '#core/users/own-sessions.ts';
import { defineRoute } from '../../define-route.ts';

/** Where one is signed in oneself. */
export const GET = defineRoute(z.object({}), async (_, _actor, _request, session) =>
  done(await listOwnSessions(session)),
);
