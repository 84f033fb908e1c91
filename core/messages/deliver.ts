import type pg from 'pg';
import { openChannel } from '../channels/sealing.ts';
import { type ChannelSecrets, type ChannelSettings } from '../channels/channel.ts';
import { type Sending, sendThrough, type Sent } from '../channels/send.ts';
import { once, sqlOf, transaction } from '../db.ts';
import type { HealthWords } from '../health/words.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import { nextToSend, pauseAfterMs } from './grouping.ts';
import { makeContent } from './make-content.ts';
import {
  claimAsSummary,
  claimMessage,
  type ClaimedMessage,
  type LockedChannel,
  lockChannelToServe,
  putOff,
  readSentLately,
  readWaiting,
  recordTry,
} from './send.sql.ts';

/** A message that this worker is to send, and the channel that carries it. */
export type Delivery = { message: ClaimedMessage; channel: LockedChannel };

/** `served`: a channel had something to say, so that another look may find more. */
export type Claim = { served: boolean; delivery: Delivery | null };

/** Takes the next message of the channel that has waited longest; a channel sends one at a time, whoever sends. */
export function claimDelivery(pool: pg.Pool): Promise<Claim> {
  return transaction(pool, async (sql) => {
    const channel = await lockChannelToServe(sql);
    if (!channel) return { served: false, delivery: null };
    const waiting = await readWaiting(sql, channel.key);
    const settings = channel.settings as ChannelSettings;
    const isGrouped = settings.kind !== 'webhook' || settings.isGrouped;
    const next = nextToSend(waiting, await readSentLately(sql, channel.key), isGrouped);
    switch (next.send) {
      case 'one':
        return { served: true, delivery: { message: await claimMessage(sql, next.id), channel } };
      case 'summary': {
        const message = await claimAsSummary(sql, channel.key, next.ids);
        return { served: true, delivery: { message, channel } };
      }
      case 'nothing': {
        const ids = waiting.map(({ id }) => id);
        if (next.until) await putOff(sql, ids, next.until);
        return { served: next.until !== null, delivery: null };
      }
    }
  });
}

export type DeliverConfig = {
  pool: pg.Pool;
  keys: KeyRing;
  consoleUrl: string | null;
  allow: Sending['allow'];
  mailServer: Sending['mailServer'];
  /** For what is said of Punctual's own troubles. */
  words: HealthWords;
  answerWithinMs?: number;
};

export type Delivered = 'sent' | 'failed' | 'waiting' | 'dropped' | 'taken over';

/**
 * Sends a claimed message and records what came back. Between the two the process may die: then the message is sent again,
 * with the same idempotency key.
 */
export async function deliver(config: DeliverConfig, delivery: Delivery): Promise<Delivered> {
  const { pool } = config;
  const { message } = delivery;
  const sql = sqlOf(pool);
  const content = await makeContent(sql, message.id, config.consoleUrl, config.words);
  const sent: Sent =
    content === null
      ? notSent('its job was deleted')
      : await sendOrSayWhy(config, delivery, content);
  const { retryAfterMs, ...answer } = sent;
  const pauseMs = sent.ok ? null : pauseAfterMs(message.attempts, retryAfterMs);
  const isTest = content?.event === 'test';
  const state = sent.ok
    ? 'sent'
    : content === null
      ? 'dropped'
      : // Somebody waits for what a test says.
        pauseMs === null || isTest
        ? 'failed'
        : 'waiting';
  const title = content?.title ?? '';
  const isOurs = await once(() => recordTry(sql, { ...message, state, pauseMs, title, answer }));
  return isOurs ? state : 'taken over';
}

async function sendOrSayWhy(
  { keys, allow, mailServer, answerWithinMs }: DeliverConfig,
  { channel }: Delivery,
  content: Sending['content'],
): Promise<Sent> {
  const secrets: ChannelSecrets | null = openChannel(keys, channel.key, channel);
  if (secrets === null) return notSent(CANNOT_OPEN);
  const settings = channel.settings as ChannelSettings;
  const sending = { settings, secrets, content, allow, mailServer, now: new Date() };
  return sendThrough(sending, answerWithinMs);
}

const CANNOT_OPEN =
  'this worker can’t read the channel’s address: it was sealed with another PUNCTUAL_SECRET_KEY, or changed by hand';

const notSent = (cause: string): Sent => ({
  ok: false,
  status: null,
  cause,
  body: '',
  elapsedMs: 0,
});
