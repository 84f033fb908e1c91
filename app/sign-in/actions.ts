'use server';

import { z } from 'zod';
import { safeNext } from '#core/auth/origin.ts';
import * as auth from '#core/auth/sign-in.ts';
import { done } from '#core/outcome.ts';
import { defineOpenAction } from '../actions/define-action.ts';
import { codeStep } from './code-step.ts';
import { keepCookies } from './keep-cookies.ts';

const SignIn = z.object({
  email: z.string().trim().min(1, 'Type your e-mail address.').max(254),
  password: z.string().min(1, 'Type your password.').max(1_000),
  /** Where to go then; only a path of the console counts. */
  next: z.string().max(4_000).nullish(),
});

export const signIn = defineOpenAction(SignIn, async ({ email, password, next }, { headers }) => {
  const outcome = await auth.signIn(headers, { email, password });
  if (!outcome.ok) return outcome;
  await keepCookies(outcome.value.cookies);
  const target = safeNext(next);
  return done({ next: outcome.value.asksForCode ? codeStep(target) : target });
});
