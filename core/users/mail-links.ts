import { environment } from '../environment.ts';
import { mailServerOf } from '../mail/mail-server.ts';
import { type MailAnswer, sendMail } from '../mail/send-mail.ts';

/** Somebody waits before the screen for an invitation to go out. */
const TIMEOUT_MS = 20_000;

/** Whether links go out by mail here. */
export const canMailLinks = () => mailServerOf(environment()) !== null;

/** @returns null where there is no mail server */
export async function mailInvitation(
  to: string,
  by: string,
  link: string,
  origin: string,
): Promise<MailAnswer | null> {
  return mail(to, 'You are invited to Punctual', [
    `${by} invites you to Punctual at ${origin}.`,
    'Open this link within 7 days to make your account. It works once.',
    link,
    'If you don’t know what this is about, there is nothing to do.',
  ]);
}

/** @returns null where there is no mail server */
export async function mailPasswordLink(
  to: string,
  name: string,
  link: string,
  origin: string,
): Promise<MailAnswer | null> {
  return mail(to, 'A new password for Punctual', [
    `Hello ${name},`,
    `somebody, most likely you, asked for another password for Punctual at ${origin}. Open this link within the hour to set one. It works once.`,
    link,
    'If it wasn’t you, there is nothing to do: your password stays as it is.',
  ]);
}

async function mail(
  to: string,
  subject: string,
  paragraphs: readonly string[],
): Promise<MailAnswer | null> {
  const server = mailServerOf(environment());
  if (!server) return null;
  const text = `${paragraphs.join('\n\n')}\n`;
  return sendMail(server, { to: [to], subject, text }, AbortSignal.timeout(TIMEOUT_MS));
}
