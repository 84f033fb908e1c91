import { errorCode } from '../error-code.ts';
import type { MailServer } from './mail-server.ts';

export type Mail = {
  /** Addresses; each sees the others. */
  to: readonly string[];
  subject: string;
  text: string;
  /** Beside the text, for readers that show it. Whatever it quotes is escaped by whoever made it. */
  html?: string;
  /** The same for each try of one mail, so that readers may tell a second copy. */
  messageId?: string;
  headers?: Readonly<Record<string, string>>;
};

export type MailAnswer =
  /** The server took it; `refused` are the recipients that it didn't take it for. */
  | { ok: true; answer: string; refused: string[] }
  /** `isForGood`: the server said no (5xx), so another try helps only once something was changed. */
  | { ok: false; cause: string; isForGood: boolean };

const CONNECT_WITHIN_MS = 10_000;
const SILENT_MOST_MS = 20_000;

/**
 * Hands one mail to the server, over a connection of its own. What goes wrong is an answer, never an error; no answer
 * holds the server's password.
 *
 * @param signal ends the connection, whatever it is doing
 */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  signal?: AbortSignal,
): Promise<MailAnswer> {
  // Most processes never send a mail: they needn't hold what sends one.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.isSecure,
    requireTLS: server.needsTls,
    ...(server.user ? { auth: { user: server.user.name, pass: server.user.password } } : {}),
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    dnsTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_MOST_MS,
    // What a mail says comes from people: it must not name files or addresses to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected, response } = await transport.sendMail({
      from: server.from,
      to: mail.to.map((address) => ({ name: '', address })),
      subject: oneLine(mail.subject),
      text: mail.text,
      ...(mail.html === undefined ? {} : { html: mail.html }),
      ...(mail.messageId === undefined ? {} : { messageId: mail.messageId }),
      // Nobody is to answer it by machine (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated', ...mail.headers },
      ...(signal ? { signal } : {}),
    });
    return { ok: true, answer: without(server, response), refused: rejected.map(String) };
  } catch (error) {
    return {
      ok: false,
      cause: without(server, causeOf(error, server)),
      isForGood: isNo(error),
    };
  } finally {
    transport.close();
  }
}

function causeOf(error: unknown, { host, port }: MailServer): string {
  const at = `${host}:${port}`;
  const { response, message } = error as { response?: unknown; message?: unknown };
  const said = typeof response === 'string' && response !== '' ? `: ${oneLine(response)}` : '';
  switch (errorCode(error)) {
    case 'EAUTH':
    case 'ENOAUTH':
      return `the mail server ${at} doesn’t take the name and password of PUNCTUAL_SMTP_URL${said}`;
    case 'EENVELOPE':
    case 'EMESSAGE':
      return `the mail server ${at} refused the message${said}`;
    case 'EDNS':
      return `there is no mail server ${host}`;
    case 'ETIMEDOUT':
      return `the mail server ${at} didn’t answer in time`;
    case 'ETLS':
      return `no secure connection to the mail server ${at} came about: ${oneLine(String(message))}`;
    case 'EABORT':
      return `the mail server ${at} took too long`;
    default:
      return `the mail server ${at} can’t be reached: ${oneLine(String(message))}`;
  }
}

function isNo(error: unknown): boolean {
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500;
}

/** A server may repeat what it was given. */
function without({ user }: MailServer, text: string): string {
  if (!user || user.password === '') return text;
  const plain = `\0${user.name}\0${user.password}`;
  return [user.password, btoaOf(user.password), btoaOf(plain)].reduce(
    (rest, secret) => rest.replaceAll(secret, '…'),
    text,
  );
}

const btoaOf = (text: string) => Buffer.from(text, 'utf8').toString('base64');

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
