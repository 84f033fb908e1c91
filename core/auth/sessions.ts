import { inTime } from '../database-away.ts';
import { sqlOf } from '../db.ts';
import { prisma, webPool } from '../prisma.ts';
import { auth, PROVIDER_SESSION_MS, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from './auth.ts';
import { ADDRESS_HEADER } from './client-address.ts';
import { causeOf } from './lost-cause.ts';
import { type Grant, grantsOf } from './grants.ts';
import type { Actor } from './permissions.ts';

/** Who a request comes from, and by which session. */
export type SignedIn = {
  actor: Extract<Actor, { kind: 'user' }>;
  sessionId: string;
  /** Never leaves the server. */
  token: string;
  begunAt: Date;
  begunWith: 'password' | 'provider';
};

// A session's end is moved at most so often, so that reading a page doesn't mean writing a row.
const TOUCH_MS = 300_000;

/**
 * Reads the session that the request's cookie names: null when there is none, it is over, or its user is disabled or
 * still has to set up the second factor that everybody must have (`mayLackSecondFactor` is for where they do).
 * Every page, route and action begins with it, so that it also tells a database that doesn't answer (`inTime`).
 * `isActivity` says that the person did something; background fetches and event streams don't keep a session alive.
 */
export async function signedIn(
  headers: Headers,
  {
    isActivity,
    mayLackSecondFactor = false,
  }: { isActivity: boolean; mayLackSecondFactor?: boolean },
): Promise<SignedIn | null> {
  const found = await inTime(
    auth()
      .api.getSession({ headers, query: { disableRefresh: true } })
      .catch(async (error: unknown) => {
        throw await causeOf(error);
      }),
  );
  if (!found) return null;
  const { user, session } = found;
  const begunWith = session.begunWith === 'provider' ? 'provider' : 'password';
  const endsAt = session.createdAt.getTime() + longest(begunWith);
  const now = Date.now();
  if (user.disabledAt || now >= endsAt) return null;
  const isBare = begunWith === 'password' && !user.twoFactorEnabled;
  if (isBare && !mayLackSecondFactor && (await inTime(isSecondFactorRequired()))) return null;
  if (isActivity && now - session.updatedAt.getTime() > TOUCH_MS) {
    await prisma().session.updateMany({
      where: { id: session.id },
      data: { expiresAt: new Date(Math.min(now + SESSION_IDLE_MS, endsAt)) },
    });
  }
  return {
    actor: {
      kind: 'user',
      id: user.id,
      name: user.name,
      email: user.email,
      grants: grantsOf(user.grants),
      address: headers.get(ADDRESS_HEADER),
    },
    sessionId: session.id,
    token: session.token,
    begunAt: session.createdAt,
    begunWith,
  };
}

/** How long a session may last, however busy it is. */
function longest(begunWith: string): number {
  return begunWith === 'provider' ? PROVIDER_SESSION_MS : SESSION_ABSOLUTE_MS;
}

/** Whether everybody who signs in with a password must have a second factor. */
export async function isSecondFactorRequired(): Promise<boolean> {
  const installation = await prisma().installation.findFirst({
    select: { secondFactorRequired: true },
  });
  return installation?.secondFactorRequired === true;
}

/** Those of these sessions that are still good, with what their people may do now, in one statement: for open streams. */
export async function stillSignedIn(sessionIds: readonly string[]): Promise<Map<string, Grant[]>> {
  const sessions = await sqlOf(webPool())<{ id: string; grants: unknown }>(
    `SELECT session.id, "user".grants
       FROM session JOIN "user" ON "user".id = session.user_id CROSS JOIN installation
      WHERE session.id = ANY ($1::text[]) AND "user".disabled_at IS NULL
        AND expires_at > $2::timestamptz
        AND session.created_at > CASE begun_with WHEN 'provider' THEN $3 ELSE $4 END ::timestamptz
        AND NOT (second_factor_required AND begun_with = 'password' AND NOT two_factor_enabled)`,
    [
      [...new Set(sessionIds)],
      new Date(),
      new Date(Date.now() - PROVIDER_SESSION_MS),
      new Date(Date.now() - SESSION_ABSOLUTE_MS),
    ],
  );
  return new Map(sessions.map(({ id, grants }) => [id, grantsOf(grants)]));
}
