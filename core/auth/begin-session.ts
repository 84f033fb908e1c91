import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/**
 * A session for somebody whom the identity provider has named (core/auth/provider-sign-in.ts). It goes through the same
 * hooks as the others, so that it is audited, and nobody gets one whose account is switched off. No route leads here.
 */
export const beginSession = () =>
  ({
    id: 'punctual-begin-session',
    endpoints: {
      beginProviderSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ userId: z.string() }) },
        async (context) => {
          const { internalAdapter } = context.context;
          const user = await internalAdapter.findUserById(context.body.userId);
          if (!user) throw context.error('NOT_FOUND');
          const begun = { begunWith: 'provider' };
          const session = await internalAdapter.createSession(user.id, false, begun, true);
          await setSessionCookie(context, { session, user });
          return context.json({ sessionId: session.id });
        },
      ),
    },
  }) satisfies BetterAuthPlugin;
