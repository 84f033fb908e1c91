'use server';

import { cookies } from 'next/headers';
import { z } from 'zod';
import { isHttps } from '#core/auth/cookie-names.ts';
import { safeNext } from '#core/auth/origin.ts';
import { beginProviderSignIn } from '#core/auth/provider-sign-in.ts';
import * as auth from '#core/auth/sign-in.ts';
import { environment } from '#core/environment.ts';
import { done } from '#core/outcome.ts';
import { askForPasswordLink } from '#core/users/ask-for-password-link.ts';
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

/** Begins to sign in through the identity provider: the browser goes to the address that this gives. */
export const goToProvider = defineOpenAction(
  z.object({ next: z.string().max(4_000).nullish() }),
  async ({ next }, { headers, origin }) => {
    const begun = await beginProviderSignIn(headers, origin, safeNext(next));
    if (!begun.ok) return begun;
    const { name, value, maxAgeSeconds: maxAge } = begun.value.cookie;
    const secure = isHttps(environment().PUNCTUAL_URL);
    const jar = await cookies();
    jar.set(name, value, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge });
    return done({ next: begun.value.address });
  },
);

/** Asks for a mail with a link for another password. */
export const askForLink = defineOpenAction(
  z.object({ email: z.string().max(1_000) }),
  (input, { headers, origin }) => askForPasswordLink(headers, input, origin),
);
