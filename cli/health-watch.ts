import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { isDatabaseAway } from '#core/database-away.ts';
import { createPool, transaction } from '#core/db.ts';
import type { Environment } from '#core/environment.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { keepSeen } from '#core/health/latest.ts';
import { readFreeBytes } from '#core/health/own-disk.ts';
import { type Looked, Watch } from '#core/health/watch.ts';
import { claimDelivery, deliver, type DeliverConfig } from '#core/messages/deliver.ts';
import { deliverSettings } from '#core/messages/deliver-settings.ts';
import { tellIncidents } from '#core/messages/tell.ts';
import { reportHealth, reportUnexpected } from '#core/report-unexpected.ts';
import { routeOf } from '#core/route.ts';

const EVERY_MS = 10_000;
const MOST_MESSAGES_A_LOOK = 20;

/**
 * Watches Punctual from the console's process for as long as that lives. Workers watch as well; this one is for when none
 * does: then it also sends the messages that wait, since nobody else would say that no worker is there.
 *
 * @param address where people reach the console, for links in messages
 */
export function watchHealth(environment: Environment, address: string): void {
  const pool = createPool({
    ...routeOf(environment),
    max: 2,
    applicationName: 'punctual-watch',
  });
  const words = englishHealthWords();
  const settings = { ...deliverSettings(environment), consoleUrl: address, pool };
  const watch = new Watch({
    pool,
    words,
    freeBytes: () => readFreeBytes(environment),
    onTrouble: ({ check, about }, sentence) =>
      reportHealth('error', sentence, { check, ...(about && { about }) }),
    onRecovered: ({ check }) => reportHealth('info', 'well again', { check }),
  });
  void watchFor(watch, settings);
}

async function watchFor(watch: Watch, settings: DeliverConfig): Promise<never> {
  for (let lastError = ''; ; await pause(EVERY_MS, undefined, { ref: false })) {
    try {
      await lookAndTell(watch, settings);
      lastError = '';
    } catch (error) {
      // The watch says itself that the database is away.
      if (!isDatabaseAway(error) && String(error) !== lastError) reportUnexpected(error);
      lastError = String(error);
    }
  }
}

/** One look: what it saw serves all pages, and while no worker lives what waits is sent. */
export async function lookAndTell(watch: Watch, settings: DeliverConfig): Promise<void> {
  const looked = await watch.lookOnce();
  keepSeen(looked.judged, looked.figures);
  if (isAlone(looked)) await sendWhatWaits(settings.pool, settings);
}

const isAlone = ({ judged }: Looked): boolean =>
  judged.some(({ name, level }) => name === 'worker' && level === 'bad');

/** By the same claims as workers: what one of them has taken meanwhile isn't sent twice. */
async function sendWhatWaits(pool: pg.Pool, settings: DeliverConfig): Promise<void> {
  await transaction(pool, (sql) => tellIncidents(sql, MOST_MESSAGES_A_LOOK));
  for (let sent = 0; sent < MOST_MESSAGES_A_LOOK; sent++) {
    const { served, delivery } = await claimDelivery(pool);
    if (!served) return;
    if (delivery) await deliver(settings, delivery);
  }
}
