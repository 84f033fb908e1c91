import { sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { auth } from './auth.ts';
import { ADDRESS_HEADER } from './client-address.ts';
import { cookieName } from './cookie-names.ts';
import { causeOf, isApiError } from './lost-cause.ts';
import { typedCode } from './one-time-codes.ts';
import { recordRefused } from './session-entries.ts';
import type { Cookies } from './sign-in.ts';
import { CODE_LIMITS, forgive, isFirstUse, tooManyTries, tryFor } from './tries.ts';

/** Whose password was right a moment ago in this browser; null where none was, or it is too long ago. */
export async function whoIsAsked(
  headers: Headers,
): Promise<{ id: string; name: string; email: string } | null> {
  const challenge = challengeOf(headers);
  if (challenge === null) return null;
  const asked = await prisma().verification.findFirst({
    where: { identifier: challenge.identifier, expiresAt: { gt: new Date() } },
  });
  return (
    asked &&
    (await prisma().user.findUnique({
      where: { id: asked.value, disabledAt: null },
      select: { id: true, name: true, email: true },
    }))
  );
}

/**
 * The second step of signing in: the code of the person's device, or one of their recovery codes. A code counts once,
 * so one that was looked over a shoulder is of no use.
 */
export async function signInWithCode(headers: Headers, typed: string): Promise<Outcome<Cookies>> {
  const user = await whoIsAsked(headers);
  const challenge = challengeOf(headers);
  if (!user || !challenge) return refuse('signed_out', TOO_LATE);
  const meant = typedCode(typed);
  if (!meant) return refuse('invalid', NO_CODE, [{ path: ['code'], message: NO_CODE }]);
  const sql = sqlOf(webPool());
  const address = headers.get(ADDRESS_HEADER);
  const tries = await tryFor(sql, CODE_LIMITS, user.email, address);
  if (!tries.allowed) return refuse('not_allowed', tooManyTries(tries.retryAfterMs));
  if (meant.kind === 'code' && !(await isFirstUse(sql, `${user.id} ${meant.code}`))) {
    return refuse('invalid', SPENT, [{ path: ['code'], message: SPENT }]);
  }
  try {
    const request = { body: { code: meant.code }, headers: challenge.alone, returnHeaders: true };
    const answer =
      meant.kind === 'code'
        ? await auth().api.verifyTOTP({ ...request, returnHeaders: true })
        : await auth().api.verifyBackupCode({ ...request, returnHeaders: true });
    await forgive(sql, CODE_LIMITS, user.email, address);
    return done(answer.headers.getSetCookie());
  } catch (error) {
    if (!isApiError(error)) throw error;
    if (error.statusCode >= 500) throw await causeOf(error);
    await recordRefused({
      userId: user.id,
      address,
      reason: `wrong ${meant.kind === 'code' ? 'code' : 'recovery code'}`,
    });
    if (error.statusCode === 403) return refuse('not_allowed', error.message);
    if (error.statusCode === 429) return refuse('not_allowed', LOCKED);
    const message = meant.kind === 'code' ? WRONG : WRONG_RECOVERY;
    const isOver = OVER.has(error.body?.code ?? '');
    return isOver
      ? refuse('signed_out', TOO_LATE)
      : refuse('invalid', message, [{ path: ['code'], message }]);
  }
}

/** The cookie of the first step, by itself: a session that the browser may have as well is none of this. */
function challengeOf(headers: Headers): { identifier: string; alone: Headers } | null {
  const name = cookieName('code', environment().PUNCTUAL_URL);
  const pair = (headers.get('cookie') ?? '')
    .split(/;\s*/)
    .find((each) => each.startsWith(`${name}=`));
  if (pair === undefined) return null;
  const [, identifier] = /^(2fa-[A-Za-z0-9_-]+)[.%]/.exec(pair.slice(name.length + 1)) ?? [];
  if (identifier === undefined || identifier.startsWith('2fa-attempts')) return null;
  const alone = new Headers(headers);
  alone.set('cookie', pair);
  return { identifier, alone };
}

const OVER = new Set(['INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE']);
const NO_CODE = 'A code has six digits; a recovery code has ten letters and digits.';
const WRONG =
  'This isn’t the present code. Wait for the next one, and see that your device’s clock is right.';
const WRONG_RECOVERY = 'This isn’t one of your recovery codes, or it was used already.';
const SPENT = 'This code was used already. Wait for the next one.';
const LOCKED =
  'Too many wrong codes for this account. Try again in 15 min, or ask an admin to take its second factor away.';
const TOO_LATE = 'It took too long, or there were too many tries. Type your password once more.';
