import { CONSOLE_CHANNEL, type Sql, WORK_CHANNEL } from '../db.ts';

/** What changed, for web processes: they tell browsers what to fetch again. */
export const TOPICS = [
  'run',
  'log',
  'job',
  'queue',
  'calendar',
  'blackout',
  'worker',
  'installation',
  'channel',
  'user',
  'audit',
] as const;
export type Topic = (typeof TOPICS)[number];

/** `ids` are run ids for `run` and `log`, job ids for `job`; empty means "many, or any of them". */
export type Change = { topic: Topic; ids: number[] };

/**
 * Wakes workers: look for due runs, plan, feed backfills, end cancelled runs, obey a drain, tell commands of edited
 * parameters, or send messages.
 */
export type WorkSignal = {
  signal: 'look' | 'plan' | 'feed' | 'cancel' | 'drain' | 'tell' | 'message';
};

// A notification holds 8,000 bytes at most; beyond this many ids the listeners look at everything.
const MOST_IDS = 200;

/** Tells the web processes, when the surrounding transaction commits. */
export async function announce(sql: Sql, topic: Topic, ids: readonly number[] = []): Promise<void> {
  await sql(NOTIFY, [CONSOLE_CHANNEL, changePayload(topic, ids)]);
}

/** The payload of that announcement, for statements that send it themselves. */
export function changePayload(topic: Topic, ids: readonly number[]): string {
  const change: Change = { topic, ids: ids.length > MOST_IDS ? [] : [...ids] };
  return JSON.stringify(change);
}

/** Wakes the workers, when the surrounding transaction commits. */
export async function signalWorkers(sql: Sql, signal: WorkSignal['signal']): Promise<void> {
  const message: WorkSignal = { signal };
  await sql(NOTIFY, [WORK_CHANNEL, JSON.stringify(message)]);
}

// ::text, since a result of type void can't be read through every driver.
const NOTIFY = 'SELECT pg_notify($1::text, $2::text)::text AS sent';
