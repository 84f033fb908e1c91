import { z } from 'zod';
import { sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { accountOfIdentity } from '../users/account-of-identity.ts';
import { auth } from './auth.ts';
import { ADDRESS_HEADER } from './client-address.ts';
import { cookieName } from './cookie-names.ts';
import { causeOf, isApiError } from './lost-cause.ts';
import { errandTo, namedBy, sentenceOf } from './provider-answer.ts';
import { providerHere } from './provider.ts';
import { sealed, unsealed } from './sealed.ts';
import { recordRefused } from './session-entries.ts';
import type { Cookies } from './sign-in.ts';
import { isFirstUse, PROVIDER_LIMIT, tooManyTries, tryFrom } from './tries.ts';

/** Where the provider sends people back to; registered there with the console's address before it. */
export const PROVIDER_PATH = '/sign-in/provider';

const ERRAND_MS = 10 * 60_000;
/** A browser keeps cookies of 4 kB, and sealing doubles what is in them. */
const LONGEST_NEXT = 1_000;

const KeptErrand = z.object({
  purpose: z.literal('errand'),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  next: z.string(),
  until: z.number(),
});

export type SealedCookie = { name: string; value: string; maxAgeSeconds: number };

/**
 * Begins to sign in through the provider.
 *
 * @param origin of the console as this browser sees it
 * @param next path of the console to go to then
 * @returns the provider's address, and a cookie that ties its answer to this browser
 */
export async function beginProviderSignIn(
  headers: Headers,
  origin: string,
  next: string,
): Promise<Outcome<{ address: string; cookie: SealedCookie }>> {
  const provider = providerHere();
  if (!provider) return refuse('not_found', NONE);
  const tooMany = await tooManyFrom(headers);
  if (tooMany !== null) return refuse('not_allowed', tooMany);
  try {
    const { address, errand } = await errandTo(provider, `${origin}${PROVIDER_PATH}`);
    const target = next.length > LONGEST_NEXT ? '/' : next;
    const kept = { purpose: 'errand', ...errand, next: target, until: Date.now() + ERRAND_MS };
    return done({
      address,
      cookie: {
        name: cookieName('provider', environment().PUNCTUAL_URL),
        value: await sealed(JSON.stringify(kept)),
        maxAgeSeconds: ERRAND_MS / 1_000,
      },
    });
  } catch (error) {
    return refuse('unavailable', sentenceOf(error, provider));
  }
}

export type Entry = { ok: true; cookies: Cookies; next: string } | { ok: false; message: string };

/**
 * Ends it: whom the provider has named is signed in, if their account or their groups allow it.
 *
 * @param came the address that the browser came back to
 */
export async function finishProviderSignIn(headers: Headers, came: URL): Promise<Entry> {
  const provider = providerHere();
  if (!provider) return refused(NONE);
  const tooMany = await tooManyFrom(headers);
  if (tooMany !== null) return refused(tooMany);
  const errand = await errandOf(headers);
  if (!errand || errand.until < Date.now()) return refused(lost(provider.name));
  // Each errand ends once; with its answer nobody comes a second time.
  const isFirst = came.searchParams.get('state') === errand.state;
  if (!isFirst || !(await isFirstUse(sqlOf(webPool()), `errand ${errand.state}`))) {
    return refused(lost(provider.name));
  }
  const named = await namedBy(provider, came, errand);
  if (!named.ok) return refused(named.message);
  const address = headers.get(ADDRESS_HEADER);
  const account = await accountOfIdentity(named.identity, provider, address);
  if (!account.ok) {
    const { email } = named.identity;
    const user = email === null ? null : await prisma().user.findUnique({ where: { email } });
    const reason = `through ${provider.name}: ${account.refusal.message}`.slice(0, 500);
    await recordRefused({ userId: user?.id ?? 'unknown', address, reason });
    return refused(account.refusal.message);
  }
  return enter(headers, account.value.userId, errand.next);
}

async function enter(headers: Headers, userId: string, next: string): Promise<Entry> {
  try {
    const body = { userId };
    const answer = await auth().api.beginProviderSession({ body, headers, returnHeaders: true });
    return { ok: true, cookies: answer.headers.getSetCookie(), next };
  } catch (error) {
    if (isApiError(error) && error.statusCode === 403) return refused(error.message);
    throw await causeOf(error);
  }
}

async function errandOf(headers: Headers): Promise<z.output<typeof KeptErrand> | null> {
  const value = cookieIn(headers, cookieName('provider', environment().PUNCTUAL_URL));
  const text = value === null ? null : await unsealed(value);
  return text === null ? null : (KeptErrand.safeParse(JSON.parse(text)).data ?? null);
}

const KeptRefusal = z.object({
  purpose: z.literal('refusal'),
  id: z.string(),
  message: z.string(),
});

/** Keeps a sentence for the sign-in page, where an address that anybody could send shows nothing of its own. */
export async function keepRefusal(message: string): Promise<{ id: string; cookie: SealedCookie }> {
  const id = crypto.randomUUID();
  return {
    id,
    cookie: {
      name: cookieName('refused', environment().PUNCTUAL_URL),
      value: await sealed(JSON.stringify({ purpose: 'refusal', id, message })),
      maxAgeSeconds: 120,
    },
  };
}

/** The sentence that was kept under this id in this browser. */
export async function keptRefusal(headers: Headers, id: string): Promise<string | null> {
  const value = cookieIn(headers, cookieName('refused', environment().PUNCTUAL_URL));
  const text = value === null ? null : await unsealed(value);
  const kept = text === null ? undefined : KeptRefusal.safeParse(JSON.parse(text)).data;
  return kept?.id === id ? kept.message : null;
}

async function tooManyFrom(headers: Headers): Promise<string | null> {
  const from = headers.get(ADDRESS_HEADER);
  const tries = await tryFrom(sqlOf(webPool()), PROVIDER_LIMIT, from);
  return tries.allowed ? null : tooManyTries(tries.retryAfterMs);
}

function cookieIn(headers: Headers, name: string): string | null {
  const pair = (headers.get('cookie') ?? '')
    .split(/;\s*/)
    .find((each) => each.startsWith(`${name}=`));
  return pair === undefined ? null : pair.slice(name.length + 1);
}

const refused = (message: string): Entry => ({ ok: false, message });

const NONE = 'Nobody signs in through an identity provider here. Sign in with your password.';

const lost = (name: string) =>
  `The way back from ${name} took too long, was used already, or began in another browser. Sign in once more.`;
