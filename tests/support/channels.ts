import { englishHealthWords } from '#core/health/english.ts';
import type { Sql } from '#core/db.ts';
import type { ChannelSecrets, ChannelSettings } from '#core/channels/channel.ts';
import { sealChannel } from '#core/channels/sealing.ts';
import { parseAllowList } from '#core/outbound/address-guard.ts';
import { keyRingOf } from '#core/secrets/key-ring.ts';
import { createMessenger, type Messenger } from '#worker/messenger.ts';
import type { TestDatabase } from './database.ts';
import { silent } from './planning.ts';
import { serve } from './servers.ts';

export const testKeys = keyRingOf('kZ0q3tYw7vXn5sR1uP9mB2cD4eF6gH8jL0aQwErTyUI=');

export type ReceivedPost = {
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** A web server that takes messages; `answer` says what it answers to each, by its number from 0. */
export async function receiver(
  answer: (n: number) => { status?: number; body?: string } = () => ({}),
) {
  const received: ReceivedPost[] = [];
  const server = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const { status = 200, body = '' } = answer(received.length - 1);
      response.writeHead(status).end(body);
    });
  });
  return { ...server, received, events: () => received.map(({ body }) => body) };
}

const WEBHOOK: Extract<ChannelSettings, { kind: 'webhook' }> = {
  kind: 'webhook',
  method: 'POST',
  headerNames: [],
  contentType: 'application/json',
  body: '',
  isGrouped: true,
  hasSecret: false,
};

export async function makeChannel(
  db: { sql: Sql },
  key: string,
  url: string,
  settings: Partial<typeof WEBHOOK> | Exclude<ChannelSettings, { kind: 'webhook' }> = {},
  secrets: Partial<ChannelSecrets> = {},
): Promise<void> {
  const whole =
    'kind' in settings && settings.kind !== 'webhook' ? settings : { ...WEBHOOK, ...settings };
  const { keyId, sealed } =
    whole.kind === 'email'
      ? { keyId: null, sealed: null }
      : sealChannel(testKeys, key, { url, secret: '', headers: {}, ...secrets });
  await db.sql(
    `INSERT INTO channel (key, kind, settings, key_id, sealed, host, created_by)
     VALUES ($1::text, $2::text, $3::text::jsonb, $4::text, $5::bytea, '', 'Test')`,
    [key, whole.kind, JSON.stringify(whole), keyId, sealed],
  );
}

/** The installation tells these channels of everything, unless told otherwise. */
export async function tellByDefault(
  db: { sql: Sql },
  channels: string[],
  rule: { on?: string[]; remindHours?: number | null } = {},
): Promise<void> {
  const on = ['failed', 'lost', 'missed', 'auto_paused', 'recovered'];
  await db.sql('UPDATE installation SET message_rule = $1::text::jsonb', [
    JSON.stringify({ on, remindHours: null, ...rule, channels }),
  ]);
}

export type TestMessenger = Messenger & {
  /** Looks as if the moment had passed in which others of a problem arrive, until nothing is left to do now. */
  settle(): Promise<void>;
};

export function testMessenger(
  db: TestDatabase,
  given: { consoleUrl?: string; answerWithinMs?: number; allow?: string[] } = {},
): TestMessenger {
  const {
    consoleUrl = 'https://punctual.example.org',
    answerWithinMs = 10_000,
    allow = ['127.0.0.1'],
  } = given;
  const messenger = createMessenger({
    pool: db.pool,
    logger: silent,
    keys: testKeys,
    consoleUrl,
    allow: parseAllowList(allow),
    mailServer: null,
    words: englishHealthWords(),
    answerWithinMs,
    intervalMs: 1_000,
    onSent: () => {},
  });
  return {
    ...messenger,
    async settle() {
      await db.sql(
        `UPDATE incident SET tell_at = now() - interval '1 second' WHERE tell_at < now() + interval '3 seconds' AND tell_at > now()`,
      );
      for (;;) {
        const { counts } = await messenger.runOnce();
        await messenger.idle();
        if (Object.values(counts).every((count) => count === 0)) return;
      }
    },
  };
}
