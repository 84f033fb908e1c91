import type { Topic } from '#core/events/events.ts';

/**
 * What changed. `ids` empty means "many, or any of them"; the topic `*` means "anything may have changed":
 * the stream was cut and is back.
 */
export type LiveMessage = { topic: Topic | '*'; ids: number[] };

/** `reconnecting` only once it has lasted a second; `signed_out` when the server no longer knows the session. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'signed_out';

export type LiveConnection = { start: () => void; stop: () => void };

export const SAY_RECONNECTING_AFTER_MS = 1_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
// A browser opens six connections to a host over HTTP/1.1; six forgotten tabs would leave none for pages.
export const CLOSE_HIDDEN_AFTER_MS = 20_000;

export type LiveConnectionOptions = {
  address: string;
  onMessage: (message: LiveMessage) => void;
  onState: (state: LiveState) => void;
  /** Whether the server refuses the stream because nobody is signed in; asked after it answered with an error. */
  isSignedOut: () => Promise<boolean>;
};

/**
 * Keeps one event stream open while the tab is in sight, and comes back by itself with growing, scattered waits.
 * Each time it opens it says `*` first: what happened before is not in it, so everything shown is asked for again.
 */
export function createLiveConnection(options: LiveConnectionOptions): LiveConnection {
  let source: EventSource | null = null;
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let sayTimer: ReturnType<typeof setTimeout> | undefined;
  let hideTimer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = true;

  const open = () => {
    clearTimeout(retryTimer);
    if (isStopped || source) return;
    const opened = new EventSource(options.address);
    source = opened;
    opened.addEventListener('open', () => {
      failures = 0;
      clearTimeout(sayTimer);
      sayTimer = undefined;
      options.onState('live');
      options.onMessage({ topic: '*', ids: [] });
    });
    opened.addEventListener('message', (event) => {
      const message = parseMessage(event.data);
      if (message) options.onMessage(message);
    });
    opened.addEventListener('error', () => {
      // CLOSED: the server answered, but with no stream. CONNECTING: the line broke.
      const isRefused = opened.readyState === EventSource.CLOSED;
      close();
      void comeBack(isRefused);
    });
  };

  const close = () => {
    source?.close();
    source = null;
  };

  const comeBack = async (isRefused: boolean) => {
    if (isStopped) return;
    sayTimer ??= setTimeout(() => options.onState('reconnecting'), SAY_RECONNECTING_AFTER_MS);
    if (isRefused && (await options.isSignedOut().catch(() => false))) {
      clearTimeout(sayTimer);
      sayTimer = undefined;
      options.onState('signed_out');
    }
    if (isStopped) return;
    retryTimer = setTimeout(open, retryDelayMs(failures, Math.random()));
    failures += 1;
  };

  const followSight = () => {
    clearTimeout(hideTimer);
    if (document.visibilityState === 'visible') {
      // Someone looks: no reason to wait out a long delay.
      failures = 0;
      open();
    } else {
      hideTimer = setTimeout(() => {
        clearTimeout(retryTimer);
        clearTimeout(sayTimer);
        sayTimer = undefined;
        close();
      }, CLOSE_HIDDEN_AFTER_MS);
    }
  };

  return {
    start: () => {
      isStopped = false;
      document.addEventListener('visibilitychange', followSight);
      followSight();
    },
    stop: () => {
      isStopped = true;
      document.removeEventListener('visibilitychange', followSight);
      for (const timer of [retryTimer, sayTimer, hideTimer]) clearTimeout(timer);
      close();
    },
  };
}

/**
 * Half of the wait is chance, so that the tabs of a team don't come back to a restarted server all at once.
 * @param chance from 0 to 1
 */
export function retryDelayMs(failures: number, chance: number): number {
  const most = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
  return most / 2 + (most / 2) * chance;
}

/** A message of the stream, or null for anything that isn't one. */
export function parseMessage(data: unknown): LiveMessage | null {
  try {
    const message: unknown = JSON.parse(String(data));
    if (typeof message !== 'object' || message === null || !('topic' in message)) return null;
    if (typeof message.topic !== 'string') return null;
    const ids =
      'ids' in message && Array.isArray(message.ids)
        ? message.ids.filter((id): id is number => typeof id === 'number')
        : [];
    return { topic: message.topic as LiveMessage['topic'], ids };
  } catch {
    return null;
  }
}
