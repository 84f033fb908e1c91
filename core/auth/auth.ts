import { prismaAdapter } from '@better-auth/prisma-adapter';
import { betterAuth } from 'better-auth/minimal';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { announce } from '../events/events.ts';
import { prisma, webPool } from '../prisma.ts';
import { reportUnexpected } from '../report-unexpected.ts';
import { ADDRESS_HEADER } from './client-address.ts';
import { isApiError } from './lost-cause.ts';
import { checkWrite } from './origin.ts';
import { recordRefusedSignIn, recordSession } from './session-entries.ts';
import { EMAIL_LENGTH } from './account.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './password-length.ts';
import { cookieName, isHttps } from './cookie-names.ts';
import { forgive, SIGN_IN_LIMITS, tooManyTries, tryFor } from './tries.ts';
import { whyNoPassword, whyThroughProvider } from './password-sign-in.ts';
import { beginSession } from './begin-session.ts';

/** A session ends after so long without a page opened or anything done; an open event stream is neither. */
export const SESSION_IDLE_MS = 7 * 86_400_000;
/** And after so long in any case. */
export const SESSION_ABSOLUTE_MS = 30 * 86_400_000;

/** Of one that began at the identity provider, so that what is taken away there is gone here within a day. */
export const PROVIDER_SESSION_MS = 86_400_000;

export const AUTH_PATH = '/api/auth';

/**
 * All that the catch-all route serves. Users, roles and passwords change through use-cases of ours. `/get-session` would
 * hand the session's token, which the browser keeps out of scripts' reach, to any script.
 */
export const OPEN_PATHS = ['/sign-in/email', '/sign-out'] as const;

export type Auth = ReturnType<typeof createAuth>;
const held = globalThis as { punctualAuth?: Auth };

/** better-auth on our tables; made at the first use, since it needs the environment. */
export function auth(): Auth {
  held.punctualAuth ??= createAuth();
  return held.punctualAuth;
}

/** The catch-all route: a path that isn't open is 404, and a write needs the console's own Origin. */
export async function handleAuth(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.slice(AUTH_PATH.length);
  if (!OPEN_PATHS.some((open) => open === path)) return problem(404, 'There is nothing here.');
  if (request.method !== 'GET') {
    const check = checkWrite(request.headers, environment().PUNCTUAL_URL);
    if (!check.ok) return problem(403, check.message);
    if (Number(request.headers.get('content-length') ?? 'NaN') > MOST_BYTES) {
      return problem(413, 'The request is too large.');
    }
  }
  return auth().handler(request);
}

const MOST_BYTES = 10_000;

function problem(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { 'cache-control': 'no-store' } });
}

/** `limitTries` lets the one who knows the password this far; the code comes next. */
const CODE_STEP_SECONDS = 600;

function createAuth() {
  const { PUNCTUAL_URL, PUNCTUAL_AUTH_SECRET } = environment();
  if (PUNCTUAL_AUTH_SECRET === undefined) {
    throw new Error(
      'PUNCTUAL_AUTH_SECRET is not set: sessions can’t be signed. `npm start` makes one; see docs/configuration.md.',
    );
  }
  return betterAuth({
    appName: 'Punctual',
    baseURL: PUNCTUAL_URL ?? 'http://localhost',
    basePath: AUTH_PATH,
    secret: PUNCTUAL_AUTH_SECRET,
    trustedOrigins: (request) => {
      const check = request && checkWrite(request.headers, PUNCTUAL_URL);
      return check?.ok ? [check.origin] : [];
    },
    database: prismaAdapter(prisma(), { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    plugins: [
      twoFactor({ twoFactorCookieMaxAge: CODE_STEP_SECONDS, skipVerificationOnEnable: false }),
      beginSession(),
    ],
    user: {
      additionalFields: {
        grants: { type: 'json', required: false, input: false },
        disabledAt: { type: 'date', required: false, input: false },
      },
    },
    session: {
      // The cookie lives as long as a session can; the row says when it is over (core/auth/sessions.ts).
      expiresIn: SESSION_ABSOLUTE_MS / 1_000,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      additionalFields: {
        begunWith: { type: 'string', required: true, input: false, defaultValue: 'password' },
      },
    },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: 'punctual',
      cookies: {
        session_token: { name: cookieName('session', PUNCTUAL_URL) },
        two_factor: { name: cookieName('code', PUNCTUAL_URL) },
      },
      defaultCookieAttributes: {
        secure: isHttps(PUNCTUAL_URL),
        httpOnly: true,
        sameSite: 'lax',
        path: '/',
      },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    // Its own limit knows addresses only; core/auth/tries.ts counts accounts too, for actions as for routes.
    rateLimit: { enabled: false },
    hooks: { before: limitTries, after: afterwards },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const user = await activeUser(session.userId);
            const isByProvider = session['begunWith'] === 'provider';
            const through = isByProvider ? null : whyThroughProvider(user);
            if (through !== null) {
              throw new APIError('FORBIDDEN', { message: through, code: THROUGH_PROVIDER });
            }
            // After the password comes the code: better-auth makes a session here and takes it back at once.
            if (context?.path !== '/sign-in/email' || !user.twoFactorEnabled) {
              const address = session.ipAddress || null;
              const reason = isByProvider
                ? `through ${environment().PUNCTUAL_OIDC_NAME}`
                : (HOW[context?.path ?? ''] ?? '');
              await recordSession('session.begin', { userId: user.id, address, reason });
            }
            return { data: { ...session, expiresAt: new Date(Date.now() + SESSION_IDLE_MS) } };
          },
        },
        delete: {
          before: async ({ userId }, context) => {
            // A session that is over is deleted when it is met again; nobody did that.
            if (context?.path !== '/sign-out') return;
            const address = context.headers?.get(ADDRESS_HEADER) ?? null;
            await recordSession('session.end', { userId, address, reason: '' });
          },
        },
      },
    },
    disabledPaths: CLOSED_PATHS,
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: {
      onError: (error) => {
        // What the person did wrong is answered, not logged; what broke is for whoever runs Punctual.
        if (!(error instanceof APIError)) reportUnexpected(error);
      },
    },
  });
}

const NO_PASSWORDS = 'PASSWORDS_ARE_OFF';
const THROUGH_PROVIDER = 'THROUGH_PROVIDER';

const limitTries = createAuthMiddleware(async (context) => {
  if (context.path !== '/sign-in/email') return;
  const { email, address } = whoTries(context);
  const tries = await tryFor(sqlOf(webPool()), SIGN_IN_LIMITS, email, address);
  if (!tries.allowed) {
    throw new APIError(
      'TOO_MANY_REQUESTS',
      { message: tooManyTries(tries.retryAfterMs) },
      { 'Retry-After': String(Math.ceil(tries.retryAfterMs / 1_000)) },
    );
  }
  const refusal = await whyNoPassword(email);
  if (refusal !== null) throw new APIError('FORBIDDEN', { message: refusal, code: NO_PASSWORDS });
});

const afterwards = createAuthMiddleware(async (context) => {
  // Event streams of a session that ended close at once.
  if (context.path === '/sign-out') await announce(sqlOf(webPool()), 'user');
  if (context.path !== '/sign-in/email') return;
  const { email, address } = whoTries(context);
  if (!context.context.newSession) {
    const refusal = context.context.returned;
    if (isApiError(refusal) && refusal.statusCode < 500) {
      await recordRefusedSignIn(email, address, whyRefused(refusal));
    }
    return;
  }
  await forgive(sqlOf(webPool()), SIGN_IN_LIMITS, email, address);
});

function whyRefused({ statusCode, body }: APIError): string {
  if (body?.code === NO_PASSWORDS) return 'passwords are switched off';
  if (body?.code === THROUGH_PROVIDER) return 'has to come through the identity provider';
  return statusCode === 403 ? 'switched off' : 'wrong e-mail address or password';
}

function whoTries(context: { body?: unknown; headers?: Headers | undefined }) {
  const given = (context.body as { email?: unknown } | undefined)?.email;
  return {
    email: (typeof given === 'string' ? given : '').trim().toLowerCase().slice(0, EMAIL_LENGTH),
    address: context.headers?.get(ADDRESS_HEADER) ?? null,
  };
}

/** How a session began, as the audit trail says it, where it wasn't with a password alone. */
const HOW: Readonly<Record<string, string>> = {
  '/two-factor/verify-totp': 'password and code',
  '/two-factor/verify-backup-code': 'password and recovery code',
};

async function activeUser(id: string) {
  const user = await prisma().user.findUnique({ where: { id } });
  if (user?.disabledAt === null) return user;
  throw new APIError('FORBIDDEN', {
    message: 'This account is switched off. An admin can switch it on again.',
  });
}

// A second lock behind OPEN_PATHS, which is the gate; tests/db/auth.test.ts asks for every path that there is.
const CLOSED_PATHS = [
  '/sign-up/email',
  '/sign-in/social',
  '/reset-password',
  '/verify-password',
  '/verify-email',
  '/send-verification-email',
  '/change-email',
  '/change-password',
  '/set-password',
  '/update-session',
  '/update-user',
  '/delete-user',
  '/delete-user/callback',
  '/request-password-reset',
  '/get-session',
  '/list-sessions',
  '/revoke-session',
  '/revoke-sessions',
  '/revoke-other-sessions',
  '/link-social',
  '/list-accounts',
  '/unlink-account',
  '/refresh-token',
  '/get-access-token',
  '/account-info',
  '/ok',
  '/error',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/get-totp-uri',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/two-factor/generate-backup-codes',
  '/two-factor/send-otp',
  '/two-factor/verify-otp',
];
