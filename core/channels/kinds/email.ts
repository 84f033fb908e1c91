import type { Mail } from '../../mail/send-mail.ts';
import { asText, type MessageContent } from '../../messages/content.ts';

/** A mail in plain text. Its Message-ID is the same at each try, and mails of one problem name it as their thread. */
export function emailOf(content: MessageContent, to: readonly string[], from: string): Mail {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const thread =
    content.incident &&
    `<${content.idempotencyKey.split('-m')[0]}-i${content.incident.id}@${domain}>`;
  return {
    to,
    subject: `[Punctual] ${content.title}`,
    text: `${asText(content)}\n`,
    messageId: `<${content.idempotencyKey}@${domain}>`,
    ...(thread ? { headers: { References: thread } } : {}),
  };
}
