'use server';

import { z } from 'zod';
import { beginSecondFactor, confirmSecondFactor } from '#core/users/own-second-factor.ts';
import { defineEnteringAction } from '../../actions/define-action.ts';

export const beginOwnSecondFactor = defineEnteringAction(
  z.object({ password: z.string().max(1_000) }),
  (input, _actor, session, consoleAt) => beginSecondFactor(session, input, consoleAt),
);

export const confirmOwnSecondFactor = defineEnteringAction(
  z.object({ code: z.string().max(100) }),
  (input, _actor, session) => confirmSecondFactor(session, input),
);
