import { asText, type MessageContent } from '../../messages/content.ts';
import type { ChannelSecrets, ChannelSettings } from '../channel.ts';
import { type Placeholder, PLACEHOLDERS } from '../placeholders.ts';
import type { ChannelRequest } from './request.ts';

type WebhookSettings = Extract<ChannelSettings, { kind: 'webhook' }>;

/** A request of one's own: method, headers and body as the channel says. */
export function webhookRequest(
  content: MessageContent,
  { method, headerNames, contentType, body }: WebhookSettings,
  { headers, secret }: ChannelSecrets,
  url: URL,
): ChannelRequest {
  return {
    method,
    url,
    headers: {
      ...Object.fromEntries(headerNames.map((name) => [name.toLowerCase(), headers[name] ?? ''])),
      'content-type': contentType,
    },
    body:
      body === ''
        ? JSON.stringify(documentOf(content))
        : filled(body, { ...valuesOf(content), secret }, contentType),
  };
}

const PLACEHOLDER = new RegExp(`\\{\\{(${[...PLACEHOLDERS, 'secret'].join('|')})\\}\\}`, 'g');

type Values = Record<Placeholder | 'secret', string>;

/** Values are written for where they stand, so that none of them can end a string or begin an element. */
function filled(template: string, values: Values, contentType: string): string {
  const escape = escapeFor(contentType);
  return template.replaceAll(PLACEHOLDER, (_, name: keyof Values) => escape(values[name]));
}

function valuesOf(content: MessageContent): Record<Placeholder, string> {
  const { event, title, nextStep, url, job, incident, runId } = content;
  return {
    event,
    title,
    text: asText(content),
    job: job?.key ?? '',
    owner: job?.owner ?? '',
    cause: incident?.cause ?? '',
    since: incident?.openedAt.toISOString() ?? '',
    until: incident?.endedAt?.toISOString() ?? '',
    times: String(incident?.runs ?? 0),
    missed: String(incident?.missed ?? 0),
    next_step: nextStep,
    url: url ?? '',
    run: runId === null ? '' : String(runId),
    incident: incident === null ? '' : String(incident.id),
  };
}

function documentOf(content: MessageContent) {
  const { event, title, nextStep, url, job, incident, runId, idempotencyKey } = content;
  return {
    event,
    title,
    text: asText(content),
    next_step: nextStep,
    url,
    job: job && { key: job.key, owner: job.owner, labels: job.labels },
    incident: incident && {
      id: incident.id,
      kind: incident.kind,
      since: incident.openedAt,
      until: incident.endedAt,
      runs: incident.runs,
      missed: incident.missed,
      cause: incident.cause,
    },
    run: runId,
    idempotency_key: idempotencyKey,
  };
}

function escapeFor(contentType: string): (text: string) => string {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'application/json' || type.endsWith('+json')) {
    return (text) => JSON.stringify(text).slice(1, -1);
  }
  if (type === 'application/x-www-form-urlencoded') {
    return (text) => encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27');
  }
  if (type.endsWith('/xml') || type.endsWith('+xml') || type === 'text/html') return inMarkup;
  return (text) => text;
}

const inMarkup = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
