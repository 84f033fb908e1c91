/** A message that waits to be sent through a channel, now. */
export type Waiting = { id: number; event: string };

/** What the channel has sent in the last minute, tests left out. */
export type SentLately = {
  messages: number;
  /** When the oldest of them went out. */
  oldestAt: Date | null;
  summaryAt: Date | null;
};

export type NextToSend =
  | { send: 'one'; id: number }
  /** All of these in one message. */
  | { send: 'summary'; ids: number[] }
  | { send: 'nothing'; until: Date | null };

/** So many messages a minute one can still read; beyond that they come as one. */
export const MOST_A_MINUTE = 5;
const MINUTE_MS = 60_000;

/**
 * What a channel sends next. A few problems are told one by one; when many jobs fail at once, one message says it of all,
 * and after it one a minute at most. What was asked for by hand is never held up.
 * @param waiting those that may go out now, oldest first
 */
export function nextToSend(
  waiting: readonly Waiting[],
  lately: SentLately,
  isGrouped: boolean,
): NextToSend {
  const apart = waiting.find(({ event }) => event === 'test' || event === 'summary');
  if (apart) return { send: 'one', id: apart.id };
  const [first] = waiting;
  if (!first) return { send: 'nothing', until: null };
  if (!isGrouped || lately.messages + waiting.length <= MOST_A_MINUTE) {
    return { send: 'one', id: first.id };
  }
  if (lately.summaryAt) return { send: 'nothing', until: aMinuteAfter(lately.summaryAt) };
  if (waiting.length > 1) return { send: 'summary', ids: waiting.map(({ id }) => id) };
  return { send: 'nothing', until: lately.oldestAt && aMinuteAfter(lately.oldestAt) };
}

const aMinuteAfter = (at: Date) => new Date(at.getTime() + MINUTE_MS);

/** Within some four hours a message is tried ten times; after that it counts as one that can't be delivered. */
export const MOST_TRIES = 10;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * How long to wait after a try that failed: 10 s, 30 s, 90 s, … up to an hour, or longer where the other side says so.
 * @param tries so far; null: no more
 */
export function pauseAfterMs(tries: number, askedMs: number | undefined): number | null {
  if (tries >= MOST_TRIES) return null;
  const usual = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 3 ** (tries - 1));
  return Math.max(usual, Math.min(askedMs ?? 0, LONGEST_PAUSE_MS));
}
