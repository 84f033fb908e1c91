import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { CONSOLE_CHANNEL, createClient } from '#core/db.ts';
import type { Change, Topic } from '#core/events/events.ts';

/** Tells a command that waits when to look again. */
export type Changes = {
  /** Resolves when something changed since it was last asked, when `withinMs` are over, or when `signal` aborts. */
  next(withinMs: number, signal: AbortSignal): Promise<void>;
  end(): Promise<void>;
};

const RECONNECT_MS = 1_000;
/** Where much goes on, whoever waits looks no more often than this. */
const PACE_MS = 100;

/**
 * Listens for changes of one run. A connection that is lost is made again; whoever waits looks again after a while in any
 * case, so that nothing depends on it.
 */
export function listenForChanges(
  directUrl: string,
  runId: number,
  topics: readonly Topic[],
): Changes {
  let client: pg.Client | null = null;
  let isEnded = false;
  let wake = Promise.withResolvers<void>();
  let lastMs = 0;
  const retry = () => setTimeout(() => void listen(), RECONNECT_MS).unref();

  async function listen(): Promise<void> {
    if (isEnded) return;
    const own = createClient(directUrl, 'punctual-command');
    client = own;
    const lose = () => {
      if (client !== own) return;
      client = null;
      own.end().catch(() => {});
      retry();
    };
    own.on('notification', ({ payload }) => {
      if (concerns(payload ?? '', runId, topics)) wake.resolve();
    });
    own.on('error', lose);
    own.on('end', lose);
    try {
      await own.connect();
      await own.query(`LISTEN ${CONSOLE_CHANNEL}`);
      // What changed before is found by looking.
      wake.resolve();
    } catch {
      lose();
    }
  }

  void listen();
  return {
    async next(withinMs, signal) {
      const over = new AbortController();
      await Promise.race([
        wake.promise,
        pause(withinMs, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(
          () => {},
        ),
      ]);
      over.abort();
      wake = Promise.withResolvers();
      const sinceMs = performance.now() - lastMs;
      await pause(Math.max(0, PACE_MS - sinceMs), undefined, { signal }).catch(() => {});
      lastMs = performance.now();
    },
    async end() {
      isEnded = true;
      const own = client;
      client = null;
      await own?.end().catch(() => {});
    },
  };
}

/** No ids: many, or any of them. */
function concerns(payload: string, runId: number, topics: readonly Topic[]): boolean {
  try {
    const { topic, ids } = JSON.parse(payload) as Change;
    return topics.includes(topic) && (ids.length === 0 || ids.includes(runId));
  } catch {
    return false;
  }
}
