import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import type { Actor } from '#core/auth/permissions.ts';
import { type SignedIn, signedIn } from '#core/auth/sessions.ts';

/** Who asks for this page or action, by the session cookie; read once a request. */
export const sessionFromRequest = cache(async (): Promise<SignedIn | null> =>
  signedIn(await headers(), { isActivity: true }),
);

/** The same, also while somebody still has to set up the second factor that everybody must have. */
export const enteringSession = cache(async (): Promise<SignedIn | null> =>
  signedIn(await headers(), { isActivity: true, mayLackSecondFactor: true }),
);

/**
 * For pages: who is signed in, or a redirect to the sign-in page that leads back to `path`
 * (path and query of the page that asks).
 */
export async function requireActor(path = '/'): Promise<Extract<Actor, { kind: 'user' }>> {
  const session = await sessionFromRequest();
  if (session) return session.actor;
  redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
}
