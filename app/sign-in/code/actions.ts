'use server';

import { z } from 'zod';
import { safeNext } from '#core/auth/origin.ts';
import { signInWithCode } from '#core/auth/sign-in-code.ts';
import { done } from '#core/outcome.ts';
import { defineOpenAction } from '../../actions/define-action.ts';
import { keepCookies } from '../keep-cookies.ts';

export const enterCode = defineOpenAction(
  z.object({ code: z.string().max(100), next: z.string().max(4_000).nullish() }),
  async ({ code, next }, { headers }) => {
    const outcome = await signInWithCode(headers, code);
    if (!outcome.ok) return outcome;
    await keepCookies(outcome.value);
    return done({ next: safeNext(next) });
  },
);
