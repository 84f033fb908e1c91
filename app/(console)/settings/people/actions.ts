'use server';

import { z } from 'zod';
import * as invitations from '#core/users/invitations.ts';
import * as passwords from '#core/users/password-links.ts';
import * as secondFactors from '#core/users/second-factors.ts';
import { endSessionsOf } from '#core/users/sessions-of.ts';
import * as users from '#core/users/users.ts';
import { defineAction } from '../../../actions/define-action.ts';
import { InvitationId } from '#core/ids.ts';

const UserId = z.object({ userId: z.string().min(1).max(100) });

export const invite = defineAction(invitations.InviteUser, (input, actor, _session, consoleAt) =>
  invitations.inviteUser(actor, input, consoleAt),
);

export const revokeInvitation = defineAction(z.object({ id: InvitationId }), ({ id }, actor) =>
  invitations.revokeInvitation(actor, id),
);

export const changeGrants = defineAction(users.ChangeGrants, (input, actor) =>
  users.changeGrants(actor, input),
);

export const switchOff = defineAction(UserId, ({ userId }, actor) =>
  users.disableUser(actor, userId),
);

export const switchOn = defineAction(UserId, ({ userId }, actor) =>
  users.enableUser(actor, userId),
);

export const makePasswordLink = defineAction(UserId, ({ userId }, actor, _session, consoleAt) =>
  passwords.makePasswordLink(actor, userId, consoleAt),
);

export const endSessions = defineAction(
  UserId.extend({ sessionId: z.string().max(100).nullable() }),
  (input, actor) => endSessionsOf(actor, input),
);

export const takeSecondFactor = defineAction(UserId, ({ userId }, actor) =>
  secondFactors.takeSecondFactor(actor, userId),
);

export const requireSecondFactor = defineAction(
  z.object({ isRequired: z.boolean() }),
  (input, actor) => secondFactors.requireSecondFactor(actor, input),
);
