import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { listInvitations } from '#core/users/invitations.ts';
import { listUsers } from '#core/users/users.ts';
import { defineRoute } from '../../define-route.ts';

/** All accounts, and the invitations that are still open. */
export const GET = defineRoute(z.object({}), async (_, actor) => {
  const [users, invitations] = await Promise.all([listUsers(actor), listInvitations(actor)]);
  return done({ users, invitations });
});
