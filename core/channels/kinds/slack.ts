import { asText, type MessageContent } from '../../messages/content.ts';
import {
  type ChannelReply,
  type ChannelRequest,
  type Complaint,
  jsonOf,
  postJson,
} from './request.ts';

const HEADER_MOST = 150;
const TEXT_MOST = 3_000;

/**
 * Slack's incoming webhooks, and what takes the same (Mattermost, Rocket.Chat). Blocks of plain text: what a job or a log
 * says is never read as markup, and mentions nobody. `text` is what notifications show.
 */
export function slackRequest(content: MessageContent, url: URL): ChannelRequest {
  const { title, lines, nextStep, url: link, urlText } = content;
  const said = [...lines, nextStep].filter((line) => line !== '').join('\n');
  return postJson(url, {
    text: escaped(`${title}\n${asText(content)}`),
    blocks: [
      { type: 'header', text: plain(title, HEADER_MOST) },
      { type: 'section', text: plain(said, TEXT_MOST) },
      ...(link === null
        ? []
        : [{ type: 'section', text: { type: 'mrkdwn', text: `<${inLink(link)}|${urlText}>` } }]),
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** Slack answers `ok`; what went wrong has a status of its own, or another word. */
export function slackComplaint({ body }: ChannelReply): Complaint {
  const word = body.trim();
  if (word === 'ok' || jsonOf(word)?.['ok'] === true || word === '') return null;
  return `Slack refused it: ${word.slice(0, 200)}`;
}

const plain = (text: string, most: number) => ({
  type: 'plain_text',
  text: text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text,
  emoji: false,
});

/** Slack's three control characters; beyond them `text` is shown only where blocks can't be. */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const inLink = (address: string) => escaped(address).replaceAll('|', '%7C');
