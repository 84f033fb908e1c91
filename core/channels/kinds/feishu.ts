import { createHmac } from 'node:crypto';
import type { MessageContent } from '../../messages/content.ts';
import {
  type ChannelReply,
  type ChannelRequest,
  complaintByCode,
  type Complaint,
  jsonOf,
  postJson,
} from './request.ts';

// A body has 20 kB at most.
const LINE_MOST = 4_000;

/**
 * Feishu's and Lark's custom robots, as a rich post: its text elements are shown as they are, where a text message would
 * read `<at …>`. A robot that asks for a signature gets the time in s and its HMAC in the body.
 */
export function feishuRequest(
  content: MessageContent,
  url: URL,
  secret: string,
  now: Date,
): ChannelRequest {
  const { title, lines, nextStep, url: link, urlText } = content;
  const paragraphs: object[][] = [...lines, nextStep]
    .filter((line) => line !== '')
    .map((line) => [{ tag: 'text', text: line.slice(0, LINE_MOST).toWellFormed() }]);
  if (link !== null) paragraphs.push([{ tag: 'a', text: urlText, href: link }]);
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return postJson(url, {
    ...(secret === '' ? {} : { timestamp, sign: feishuSign(timestamp, secret) }),
    msg_type: 'post',
    content: { post: { en_us: { title: `Punctual: ${title}`, content: paragraphs } } },
  });
}

/** Newer robots answer `code`, older ones `StatusCode`. */
export function feishuComplaint(reply: ChannelReply): Complaint {
  return jsonOf(reply.body)?.['StatusCode'] === 0
    ? null
    : complaintByCode(reply, { code: 'code', text: 'msg' });
}

/** The string to sign is the key, and what is signed is empty. */
export function feishuSign(timestamp: string, secret: string): string {
  return createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
}
