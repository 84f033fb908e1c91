import { asTextWithin, type MessageContent } from '../../messages/content.ts';
import {
  type ChannelReply,
  type ChannelRequest,
  complaintByCode,
  type Complaint,
  postJson,
} from './request.ts';

const MOST_BYTES = 2_048;

/** WeCom's group robots. Their plain text: Markdown would read what a log says, and mention whom it names. */
export function wecomRequest(content: MessageContent, url: URL): ChannelRequest {
  return postJson(url, {
    msgtype: 'text',
    text: { content: asTextWithin(content, content.title, MOST_BYTES) },
  });
}

export const wecomComplaint = (reply: ChannelReply): Complaint =>
  complaintByCode(reply, { code: 'errcode', text: 'errmsg' });
