import { z } from 'zod';
import { insertAuditEntries } from '../audit/audit.sql.ts';
import { Email } from '../auth/account.ts';
import { ADDRESS_HEADER } from '../auth/client-address.ts';
import { newToken, welcomeLink } from '../auth/invitation-token.ts';
import { NOBODY } from '../auth/session-entries.ts';
import { whyNoPassword, whyThroughProvider } from '../auth/password-sign-in.ts';
import { MAIL_LIMITS, tooManyTries, tryFor } from '../auth/tries.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { reportUnexpected } from '../report-unexpected.ts';
import { canMailLinks, mailPasswordLink } from './mail-links.ts';
import { putPasswordLink } from './password-link-rows.ts';

export const MAILED_LINK_MS = 3_600_000;

export const AskForLink = z.object({ email: Email });

/**
 * Sends a mail with a link for another password to whoever forgot it. The answer comes at once and is the same whether
 * the address has an account or not: what there is to do is done after it.
 *
 * @param origin of the console: `https://punctual.example.org`
 */
export async function askForPasswordLink(
  headers: Headers,
  input: z.input<typeof AskForLink>,
  origin: string,
): Promise<Outcome<{ email: string }>> {
  const parsed = AskForLink.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  if (!canMailLinks()) return refuse('not_found', NO_MAIL);
  const { email } = parsed.data;
  const address = headers.get(ADDRESS_HEADER);
  const tries = await tryFor(sqlOf(webPool()), MAIL_LIMITS, email, address);
  if (!tries.allowed) return refuse('not_allowed', tooManyTries(tries.retryAfterMs));
  void mailLink(email, origin, address).catch(reportUnexpected);
  return done({ email });
}

async function mailLink(email: string, origin: string, address: string | null): Promise<void> {
  if ((await whyNoPassword(email)) !== null) return;
  const token = newToken();
  const expiresAt = new Date(Date.now() + MAILED_LINK_MS);
  const user = await inTransaction(async (tx, sql) => {
    const found = await tx.user.findUnique({
      where: { email, disabledAt: null, accounts: { some: { providerId: 'credential' } } },
    });
    if (!found || whyThroughProvider(found) !== null) return null;
    // An earlier link stays good, or a stranger who asks again and again would keep the owner out.
    await putPasswordLink(tx, token, { userId: found.id, sentBy: 'mail', expiresAt });
    await insertAuditEntries(sql, [
      {
        actor: NOBODY,
        action: 'user.password_link',
        subject: `user:${found.id}`,
        before: null,
        after: { sentBy: 'mail', expiresAt: expiresAt.toISOString() },
        reason: '',
        address,
      },
    ]);
    return found;
  });
  if (!user) return;
  const link = welcomeLink(origin, token);
  const sent = await mailPasswordLink(user.email, user.name, link, origin);
  if (sent?.ok === false) {
    reportUnexpected(new Error(`A link for a password wasn’t mailed: ${sent.cause}`));
  }
}

const NO_MAIL = 'Punctual has no mail server here. Ask an admin for a link for a new password.';
