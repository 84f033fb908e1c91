'use server';

import { z } from 'zod';
import * as ownSessions from '#core/users/own-sessions.ts';
import { defineAction } from '../actions/define-action.ts';

export const signOutEverywhere = defineAction(z.void(), (_input, _actor, session) =>
  ownSessions.signOutEverywhere(session),
);
