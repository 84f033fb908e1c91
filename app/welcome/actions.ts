'use server';

import { z } from 'zod';
import { ADDRESS_HEADER } from '#core/auth/client-address.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { TOKEN_LIMIT, tooManyTries, tryFrom } from '#core/auth/tries.ts';
import { sqlOf } from '#core/db.ts';
import { done, type Outcome, refuse, type Refused } from '#core/outcome.ts';
import { webPool } from '#core/prisma.ts';
import * as invitations from '#core/users/invitations.ts';
import * as links from '#core/users/links.ts';
import { usePasswordLink } from '#core/users/password-links.ts';
import { defineOpenAction } from '../actions/define-action.ts';
import { codeStep } from '../sign-in/code-step.ts';
import { keepCookies } from '../sign-in/keep-cookies.ts';

const Token = z.string().max(200).default('');

/** What the link in the address is for. */
export const readLink = defineOpenAction(
  z.object({ token: Token }),
  async ({ token }, { headers }) => (await tooMany(headers)) ?? (await links.readLink(token)),
);

/** Makes the account and signs it in. What the fields may hold is the use-case's rule. */
export const acceptInvitation = defineOpenAction(
  z.object({
    token: Token,
    name: z.string().max(1_000),
    email: z.string().max(1_000),
    password: z.string().max(1_000),
  }),
  async ({ token, ...account }, { headers }) => {
    const refused = await tooMany(headers);
    if (refused) return refused;
    const accepted = await invitations.acceptInvitation(
      token,
      account,
      headers.get(ADDRESS_HEADER),
    );
    if (!accepted.ok) return accepted;
    const { email } = accepted.value;
    return enter(headers, { email, password: account.password });
  },
);

/** Sets the password that the link is for, and signs in with it. */
export const setPassword = defineOpenAction(
  z.object({ token: Token, password: z.string().max(1_000) }),
  async ({ token, password }, { headers }) => {
    const refused = await tooMany(headers);
    if (refused) return refused;
    const set = await usePasswordLink(token, password, headers.get(ADDRESS_HEADER));
    return set.ok ? enter(headers, { email: set.value.email, password }) : set;
  },
);

async function enter(
  headers: Headers,
  account: { email: string; password: string },
): Promise<Outcome<{ next: string }>> {
  const signedIn = await signIn(headers, account);
  if (!signedIn.ok) return done({ next: '/sign-in' });
  await keepCookies(signedIn.value.cookies);
  return done({ next: signedIn.value.asksForCode ? codeStep('/') : '/' });
}

async function tooMany(headers: Headers): Promise<Refused | null> {
  const tries = await tryFrom(sqlOf(webPool()), TOKEN_LIMIT, headers.get(ADDRESS_HEADER));
  return tries.allowed ? null : refuse('not_allowed', tooManyTries(tries.retryAfterMs));
}
