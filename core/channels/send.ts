import { STATUS_CODES } from 'node:http';
import { request } from 'undici';
import type { MailServer } from '../mail/mail-server.ts';
import { sendMail } from '../mail/send-mail.ts';
import type { MessageContent } from '../messages/content.ts';
import type { MessageAnswer } from '../messages/send.sql.ts';
import type { AllowList } from '../outbound/address-guard.ts';
import { createGuardedAgent, type GuardedAgent } from '../outbound/guarded-agent.ts';
import { noAnswer } from '../outbound/no-answer.ts';
import { retryAfterMs } from '../outbound/retry-after.ts';
import type { ChannelSecrets, ChannelSettings } from './channel.ts';
import { dingtalkComplaint, dingtalkRequest } from './kinds/dingtalk.ts';
import { emailOf } from './kinds/email.ts';
import { feishuComplaint, feishuRequest } from './kinds/feishu.ts';
import type { ChannelReply, ChannelRequest, Complaint } from './kinds/request.ts';
import { slackComplaint, slackRequest } from './kinds/slack.ts';
import { webhookRequest } from './kinds/webhook.ts';
import { wecomComplaint, wecomRequest } from './kinds/wecom.ts';
import { withoutSecrets } from './without-secrets.ts';

export type Sending = {
  settings: ChannelSettings;
  secrets: ChannelSecrets;
  content: MessageContent;
  /** Internal addresses that may be reached. */
  allow: AllowList;
  /** Null: nobody named one. */
  mailServer: MailServer | null;
  now: Date;
};

/** What came back. `retryAfterMs`: the other side asks to be left alone for so long. */
export type Sent = MessageAnswer & { retryAfterMs?: number };

/** A try is over after so long, whatever the other side does. */
export const ANSWER_WITHIN_MS = 15_000;
const MOST_READ_BYTES = 64 * 1024;
const MOST_SHOWN = 1_000;

/**
 * Sends one message. Whatever happens is an answer, with nothing in it that gives access. The guard against internal
 * addresses stands where the socket is opened; no redirect is followed.
 */
export async function sendThrough(
  sending: Sending,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<Sent> {
  const startedAtMs = performance.now();
  const signal = AbortSignal.timeout(answerWithinMs);
  const { settings, secrets } = sending;
  const sent =
    settings.kind === 'email'
      ? await mailed(sending, settings.to, signal)
      : await posted(sending, settings, signal, answerWithinMs);
  return {
    ...sent,
    cause: withoutSecrets(sent.cause, secrets),
    body: shown(withoutSecrets(sent.body, secrets)),
    elapsedMs: Math.round(performance.now() - startedAtMs),
  };
}

type Result = Omit<Sent, 'elapsedMs'>;

async function mailed(
  { content, mailServer }: Sending,
  to: readonly string[],
  signal: AbortSignal,
): Promise<Result> {
  const failed = { ok: false, status: null, body: '' };
  if (mailServer === null) {
    const cause =
      'no mail server is named: set PUNCTUAL_SMTP_URL and PUNCTUAL_MAIL_FROM for all workers';
    return { ...failed, cause };
  }
  const answer = await sendMail(mailServer, emailOf(content, to, mailServer.from.address), signal);
  if (!answer.ok) return { ...failed, cause: answer.cause };
  const { refused } = answer;
  return {
    ok: true,
    status: Number(/^\d{3}/.exec(answer.answer)?.[0]) || null,
    cause: refused.length > 0 ? `refused for ${refused.join(', ')}` : '',
    body: answer.answer,
  };
}

type Posted = Exclude<ChannelSettings, { kind: 'email' }>;

async function posted(
  sending: Sending,
  settings: Posted,
  signal: AbortSignal,
  answerWithinMs: number,
): Promise<Result> {
  const failed = { ok: false, status: null, body: '' };
  if (!URL.canParse(sending.secrets.url)) return { ...failed, cause: 'it has no address' };
  const address = new URL(sending.secrets.url);
  const credentials = takeCredentials(address);
  const outgoing = requestFor(sending, settings, address);
  if (credentials !== null) outgoing.headers = { authorization: credentials, ...outgoing.headers };
  const guarded = createGuardedAgent(sending.allow);
  try {
    return await exchange(outgoing, sending, settings, guarded, signal);
  } catch (error) {
    const cause = signal.aborted
      ? `${outgoing.url.host} didn’t answer within ${answerWithinMs / 1_000} s`
      : noAnswer(error, outgoing.url).cause;
    return { ...failed, cause };
  } finally {
    guarded.destroy();
  }
}

/** Name and password of an address go as a header, as every client sends them. */
function takeCredentials(url: URL): string | null {
  const { username, password } = url;
  if (username === '' && password === '') return null;
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

async function exchange(
  { method, url, headers, body }: ChannelRequest,
  { content, now }: Sending,
  settings: Posted,
  { agent }: GuardedAgent,
  signal: AbortSignal,
): Promise<Result> {
  const response = await request(url, {
    method,
    headers: {
      'user-agent': 'Punctual',
      accept: '*/*',
      ...headers,
      'idempotency-key': content.idempotencyKey,
    },
    body,
    dispatcher: agent,
    signal,
  });
  const { statusCode: status } = response;
  const reply: ChannelReply = { status, body: await beginningOf(response.body) };
  const wait = response.headers['retry-after'];
  const asked = retryAfterMs(Array.isArray(wait) ? wait[0] : wait, now);
  const complaint =
    status >= 200 && status < 300
      ? complaintOf(settings, reply)
      : `answered ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  return {
    ok: complaint === null,
    status,
    cause: complaint ?? '',
    body: reply.body,
    ...(asked === undefined ? {} : { retryAfterMs: asked }),
  };
}

function requestFor(
  { content, secrets, now }: Sending,
  settings: Posted,
  url: URL,
): ChannelRequest {
  switch (settings.kind) {
    case 'webhook':
      return webhookRequest(content, settings, secrets, url);
    case 'slack':
      return slackRequest(content, url);
    case 'wecom':
      return wecomRequest(content, url);
    case 'dingtalk':
      return dingtalkRequest(content, url, secrets.secret, now);
    case 'feishu':
      return feishuRequest(content, url, secrets.secret, now);
  }
}

function complaintOf({ kind }: Posted, reply: ChannelReply): Complaint {
  switch (kind) {
    case 'webhook':
      return null;
    case 'slack':
      return slackComplaint(reply);
    case 'wecom':
      return wecomComplaint(reply);
    case 'dingtalk':
      return dingtalkComplaint(reply);
    case 'feishu':
      return feishuComplaint(reply);
  }
}

async function beginningOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_READ_BYTES) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MOST_READ_BYTES));
}

/** As a page may show it and Postgres may store it. */
function shown(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not be stored or shown
  const clean = text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\uFFFD').trim();
  return (clean.length > MOST_SHOWN ? `${clean.slice(0, MOST_SHOWN)}…` : clean).toWellFormed();
}
