'use server';

import { z } from 'zod';
import { changeOwnPassword } from '#core/users/own-password.ts';
import { removeSecondFactor, renewRecoveryCodes } from '#core/users/own-second-factor.ts';
import { endOwnSession } from '#core/users/own-sessions.ts';
import { defineAction } from '../../actions/define-action.ts';

/** What the fields may hold is the use-case's rule. */
const Passwords = z.object({ current: z.string().max(1_000), next: z.string().max(1_000) });

export const changePassword = defineAction(Passwords, (input, _actor, session) =>
  changeOwnPassword(session, input),
);

export const endSession = defineAction(
  z.object({ sessionId: z.string().max(100) }),
  ({ sessionId }, _actor, session) => endOwnSession(session, sessionId),
);

const Proof = z.object({ password: z.string().max(1_000), code: z.string().max(100) });

export const renewCodes = defineAction(Proof, (input, _actor, session) =>
  renewRecoveryCodes(session, input),
);

export const switchSecondFactorOff = defineAction(Proof, (input, _actor, session) =>
  removeSecondFactor(session, input),
);
