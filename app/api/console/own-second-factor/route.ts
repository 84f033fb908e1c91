import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { readOwnSecondFactor } from '#core/users/own-second-factor.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_input, _actor, _request, session) =>
  done(await readOwnSecondFactor(session)),
);
