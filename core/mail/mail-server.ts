import { isIP } from 'node:net';
import type { Environment } from '../environment.ts';

/** Where mail goes out, from PUNCTUAL_SMTP_URL and PUNCTUAL_MAIL_FROM. Holds a password: never logged or shown. */
export type MailServer = {
  host: string;
  port: number;
  /** TLS from the first byte (smtps). */
  isSecure: boolean;
  /** Never a word of the message, or the password, without TLS. */
  needsTls: boolean;
  user: { name: string; password: string } | null;
  from: { name: string; address: string };
};

/** Null where no mail server is named: then nothing goes out by mail, and whoever would send says so. */
export function mailServerOf(
  environment: Pick<Environment, 'PUNCTUAL_SMTP_URL' | 'PUNCTUAL_MAIL_FROM'>,
): MailServer | null {
  const { PUNCTUAL_SMTP_URL, PUNCTUAL_MAIL_FROM } = environment;
  if (PUNCTUAL_SMTP_URL === undefined || PUNCTUAL_MAIL_FROM === undefined) return null;
  const url = new URL(PUNCTUAL_SMTP_URL);
  const isSecure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const hasUser = url.username !== '';
  return {
    host,
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    isSecure,
    needsTls: !isSecure && hasUser && !isThisHost(host),
    user: hasUser
      ? { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
      : null,
    from: sender(PUNCTUAL_MAIL_FROM),
  };
}

const isThisHost = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** `Punctual <punctual@example.org>` or the address alone. */
function sender(text: string): MailServer['from'] {
  const [, name = '', address = text] = /^(.*)<(.*)>$/.exec(text.trim()) ?? [];
  return { name: name.trim().replace(/^"(.*)"$/, '$1') || 'Punctual', address: address.trim() };
}
