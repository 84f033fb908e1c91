import { parseSetCookieHeader } from 'better-auth/cookies';
import { cookies } from 'next/headers';
import type { Cookies } from '#core/auth/sign-in.ts';

/** Hands cookies that better-auth made on to the browser; only in server actions. */
export async function keepCookies(made: Cookies): Promise<void> {
  const jar = await cookies();
  for (const header of made) {
    for (const [name, cookie] of parseSetCookieHeader(header)) {
      jar.set(name, cookie.value, {
        path: cookie.path ?? '/',
        httpOnly: cookie.httponly ?? true,
        secure: cookie.secure ?? false,
        sameSite: 'lax',
        ...(cookie['max-age'] === undefined ? {} : { maxAge: cookie['max-age'] }),
      });
    }
  }
}
