import { inTime } from '../database-away.ts';
import { prisma } from '../prisma.ts';
import { auth, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from './auth.ts';
import { ADDRESS_HEADER } from './client-address.ts';
import { causeOf } from './lost-cause.ts';
import { grantsOf } from './grants.ts';
import type { Actor } from './permissions.ts';

/** Who a request comes from, and by which session. */
export type SignedIn = {
  actor: Extract<Actor, { kind: 'user' }>;
  sessionId: string;
  /** Never leaves the server. */
  token: string;
};

// A session's end is moved at most so often, so that reading a page doesn't mean writing a row.
const TOUCH_MS = 300_000;

/**
 * Reads the session that the request's cookie names: null when there is none, it is over, or its user is disabled.
 * Every page, route and action begins with it, so that it also tells a database that doesn't answer (`inTime`).
 * `isActivity` says that the person did something; background fetches and event streams don't keep a session alive.
 */
export async function signedIn(
  headers: Headers,
  { isActivity }: { isActivity: boolean },
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
  const endsAt = session.createdAt.getTime() + SESSION_ABSOLUTE_MS;
  const now = Date.now();
  if (user.disabledAt || now >= endsAt) return null;
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
  };
}

/** Which of these sessions are still good, in one statement: for streams that are open for long. */
export async function stillSignedIn(sessionIds: readonly string[]): Promise<Set<string>> {
  const sessions = await prisma().session.findMany({
    where: {
      id: { in: [...new Set(sessionIds)] },
      expiresAt: { gt: new Date() },
      createdAt: { gt: new Date(Date.now() - SESSION_ABSOLUTE_MS) },
      user: { disabledAt: null },
    },
    select: { id: true },
  });
  return new Set(sessions.map((session) => session.id));
}
