import { z } from 'zod';
import { ChannelKey } from './channel-key.ts';
import { WEBHOOK_METHODS, type WebhookMethod } from './channel-kinds.ts';

/** Is for whoever holds it: stored sealed, shown to nobody. Empty in an edit: as it was. */
const secret = (most: number) =>
  z
    .string()
    .trim()
    .max(most, { error: () => `Use at most ${most.toLocaleString('en')} characters.` });

const address = secret(4_000).refine(
  (text) => text === '' || isHttpAddress(text),
  'The address begins with http:// or https:// and names a host.',
);

const HeaderName = z
  .string()
  .regex(
    /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}$/,
    'A header’s name has letters, digits and hyphens, no spaces and no line breaks.',
  )
  .refine(
    (name) => !OWN_HEADERS.has(name.toLowerCase()),
    'Punctual sets this header itself: leave it out.',
  );

// They frame the message, or say which message it is.
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const HeaderValue = secret(8_000).regex(
  /^[\t -~\u0080-\u00ff]*$/,
  'A header’s value has only Latin characters and no line breaks.',
);

const Webhook = z.object({
  kind: z.literal('webhook'),
  url: address,
  method: z.enum(WEBHOOK_METHODS).default('POST'),
  headers: z
    .array(z.object({ name: HeaderName, value: HeaderValue }))
    .max(50, 'There are at most 50 headers.')
    .refine(
      (headers) => new Set(headers.map(({ name }) => name.toLowerCase())).size === headers.length,
      'Each header stands there once.',
    )
    .default([]),
  contentType: z
    .string()
    .trim()
    .regex(
      /^[\w.+-]+\/[\w.+-]+(;\s*charset=[\w-]+)?$/,
      'A content type is written like application/json.',
    )
    .default('application/json'),
  /** With {{placeholders}}; empty: a JSON document that has everything. */
  body: z.string().max(20_000, 'The body has at most 20,000 characters.').default(''),
  /** Many problems at once come as one message. */
  isGrouped: z.boolean().default(true),
  /** What the body names as {{secret}}; `hasSecret`: false in an edit takes it away. */
  secret: secret(8_000).default(''),
  hasSecret: z.boolean().default(false),
});

const Email = z.object({
  kind: z.literal('email'),
  to: z
    .array(z.email('Write addresses such as on-call@example.org.'))
    .min(1, 'Give at least one address.')
    .max(50, 'Give at most 50 addresses.'),
});

const robot = <Kind extends string>(kind: Kind) =>
  z.object({ kind: z.literal(kind), url: address });
const signed = <Kind extends string>(kind: Kind) =>
  // `isSigned`: false in an edit takes the signing secret away.
  robot(kind).extend({ secret: secret(500).default(''), isSigned: z.boolean().default(false) });

/** What a person says of a channel. */
export const ChannelInput = z.object({
  key: ChannelKey,
  description: z.string().trim().max(500, 'Use at most 500 characters.').default(''),
  settings: z.discriminatedUnion('kind', [
    Webhook,
    Email,
    robot('slack'),
    robot('wecom'),
    signed('dingtalk'),
    signed('feishu'),
  ]),
});
export type ChannelInput = z.output<typeof ChannelInput>;
export type ChannelSettingsInput = ChannelInput['settings'];

export const EditChannel = ChannelInput.extend({ basedOnVersion: z.int() });

/** What stands in the open: what may be shown. */
export type ChannelSettings =
  | {
      kind: 'webhook';
      method: WebhookMethod;
      headerNames: string[];
      contentType: string;
      body: string;
      isGrouped: boolean;
      hasSecret: boolean;
    }
  | { kind: 'email'; to: string[] }
  | { kind: 'slack' | 'wecom' }
  | { kind: 'dingtalk' | 'feishu'; isSigned: boolean };

/** What is sealed. */
export type ChannelSecrets = {
  url: string;
  /** Signs the messages of a robot, or is what a webhook's body names; empty: there is none. */
  secret: string;
  /** By name, as in `headerNames`. */
  headers: Record<string, string>;
};

export function isHttpAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return (
    (protocol === 'http:' || protocol === 'https:') &&
    hostname !== '' &&
    [username, password].every((part) => !/%(?![0-9a-f]{2})/i.test(part))
  );
}
