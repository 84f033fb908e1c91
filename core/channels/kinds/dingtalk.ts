import { createHmac } from 'node:crypto';
import { asTextWithin, type MessageContent } from '../../messages/content.ts';
import {
  type ChannelReply,
  type ChannelRequest,
  complaintByCode,
  type Complaint,
  postJson,
} from './request.ts';

const MOST_BYTES = 18_000;

/**
 * DingTalk's group robots, in plain text. A robot that asks for a keyword finds `Punctual` in every message; one that asks
 * for a signature gets the time in ms and its HMAC in the address.
 */
export function dingtalkRequest(
  content: MessageContent,
  address: URL,
  secret: string,
  now: Date,
): ChannelRequest {
  const url = new URL(address);
  if (secret !== '') {
    const timestamp = String(now.getTime());
    url.searchParams.set('timestamp', timestamp);
    url.searchParams.set('sign', dingtalkSign(timestamp, secret));
  }
  return postJson(url, {
    msgtype: 'text',
    text: { content: asTextWithin(content, `[Punctual] ${content.title}`, MOST_BYTES) },
  });
}

export const dingtalkComplaint = (reply: ChannelReply): Complaint =>
  complaintByCode(reply, { code: 'errcode', text: 'errmsg' });

export function dingtalkSign(timestamp: string, secret: string): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`, 'utf8').digest('base64');
}
