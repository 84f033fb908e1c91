import type pg from 'pg';
import type { Logger } from 'pino';
import { sqlOf, transaction } from '#core/db.ts';
import {
  claimDelivery,
  deliver,
  type DeliverConfig,
  type Delivery,
} from '#core/messages/deliver.ts';
import { messengerIsDueInMs } from '#core/messages/send.sql.ts';
import { tellIncidents } from '#core/messages/tell.ts';
import { dropOldMessages, endIncidentsOfDeletedJobs } from '#core/messages/tell.sql.ts';
import type { Duty } from './duty.ts';

export type MessengerConfig = Omit<DeliverConfig, 'pool'> & {
  pool: pg.Pool;
  logger: Logger;
  intervalMs: number;
  /** A try has ended: its channel may have more to say. */
  onSent: () => void;
};

export type Messenger = Duty & {
  /** Resolves when no try is under way any more. */
  idle(): Promise<void>;
};

// Each channel sends one at a time, so this is how many channels one worker serves at once.
const MOST_AT_ONCE = 8;
const BATCH = 100;
const CLEAN_EVERY_MS = 60_000;
const AGAIN_MS = 500;

/**
 * Tells people of incidents: makes the messages that are owed, and sends what waits, over several channels at once. A
 * try that takes long holds up nothing but its channel.
 */
export function createMessenger(config: MessengerConfig): Messenger {
  const { pool, logger, intervalMs, onSent } = config;
  const sql = sqlOf(pool);
  const sending = new Set<Promise<void>>();
  let cleanAtMs = 0;

  return {
    name: 'messenger',
    intervalMs,
    runOnce,
    async idle() {
      while (sending.size > 0) await Promise.all(sending);
    },
  };

  async function runOnce() {
    if (performance.now() >= cleanAtMs) {
      await endIncidentsOfDeletedJobs(sql);
      await dropOldMessages(sql);
      cleanAtMs = performance.now() + CLEAN_EVERY_MS;
    }
    const dueInMs = await messengerIsDueInMs(sql);
    if (dueInMs === null || dueInMs > 0) return { counts: {}, nextInMs: nextInMs(dueInMs) };
    const told = await tell();
    const started = await startSending();
    const next = nextInMs(await messengerIsDueInMs(sql));
    // What is due and can't be sent yet waits for another to be sent, which wakes this one.
    return { counts: { ...told, started }, nextInMs: Math.max(next, AGAIN_MS) };
  }

  /** All that is due, before anything is sent: what comes together is said together. */
  async function tell() {
    const counts = { told: 0, made: 0 };
    for (;;) {
      const { looked, made } = await transaction(pool, (own) => tellIncidents(own, BATCH));
      counts.told += looked;
      counts.made += made;
      if (looked < BATCH) return counts;
    }
  }

  async function startSending(): Promise<number> {
    let started = 0;
    while (sending.size < MOST_AT_ONCE) {
      const { served, delivery } = await claimDelivery(pool);
      if (!served) break;
      if (!delivery) continue;
      started += 1;
      start(delivery);
    }
    return started;
  }

  function start(delivery: Delivery): void {
    const { message, channel } = delivery;
    const about = { messageId: message.id, channel: channel.key, attempt: message.attempts };
    const attempt = deliver(config, delivery)
      .then((result) => {
        if (result === 'sent') logger.info(about, 'message sent');
        else logger.warn({ ...about, result }, 'message not sent');
      })
      .catch((error: unknown) => {
        // Its claim runs out, and whoever looks then sends it.
        logger.error({ err: error, ...about }, 'what became of a message could not be recorded');
      })
      .finally(() => {
        sending.delete(attempt);
        onSent();
      });
    sending.add(attempt);
  }

  function nextInMs(dueInMs: number | null): number {
    return dueInMs === null ? intervalMs : Math.min(intervalMs, Math.ceil(dueInMs));
  }
}
