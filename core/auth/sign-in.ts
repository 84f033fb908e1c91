import { done, type Outcome, refuse } from '../outcome.ts';
import { auth } from './auth.ts';
import { causeOf, isApiError } from './lost-cause.ts';

/** What the browser is to keep: the values of Set-Cookie. */
export type Cookies = string[];

export type Entered = {
  cookies: Cookies;
  /** The password was right, and nobody is signed in before the code of their device comes too. */
  asksForCode: boolean;
};

/** Signs in with a password; limits on tries and disabled accounts are looked at inside better-auth's hooks. */
export async function signIn(
  headers: Headers,
  account: { email: string; password: string },
): Promise<Outcome<Entered>> {
  try {
    const answer = await auth().api.signInEmail({ body: account, headers, returnHeaders: true });
    return done({
      cookies: answer.headers.getSetCookie(),
      asksForCode: 'twoFactorRedirect' in answer.response,
    });
  } catch (error) {
    if (!isApiError(error)) throw error;
    if (error.statusCode >= 500) throw await causeOf(error);
    if (error.statusCode === 429 || error.statusCode === 403) {
      return refuse('not_allowed', error.message);
    }
    return refuse('invalid', WRONG, [{ path: ['password'], message: WRONG }]);
  }
}

// The same for an address that nobody has, so that guessing doesn't tell who has an account.
const WRONG = 'E-mail address and password don’t belong together. Check both.';

/** Ends the request's own session. */
export async function signOut(headers: Headers): Promise<Cookies> {
  const answer = await auth().api.signOut({ headers, returnHeaders: true });
  return answer.headers.getSetCookie();
}
