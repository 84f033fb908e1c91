import { WORK_CHANNEL } from '#core/db.ts';
import type { WorkSignal } from '#core/events/events.ts';
import type { Duty } from './duty.ts';
import { OwnConnection } from './own-connection.ts';
import { WOKEN_BY } from './woken-by.ts';

export type ListenerConfig = {
  url: string;
  applicationName: string;
  /** How often to ask whether the connection still lives. */
  checkMs: number;
  /** Also called for every signal after a new connection: what was said meanwhile was not heard. */
  onSignal: (signal: WorkSignal['signal']) => void;
  /** The connection broke: look after it before the next check. */
  onBroken: () => void;
};

export type Listener = Duty & { close(): void };

const SIGNALS = Object.keys(WOKEN_BY) as WorkSignal['signal'][];
// A dead connection is silent, like a healthy one on which nothing happens: only an answer tells them apart.
const DEADLINE_MS = 5_000;

/** Hears what other processes announce, on a connection of its own. Duties poll besides, so a deaf spell only delays. */
export function createListener(config: ListenerConfig): Listener {
  const connection = new OwnConnection({
    url: config.url,
    applicationName: config.applicationName,
    deadlineMs: DEADLINE_MS,
    onBroken: config.onBroken,
    async onConnect(client, sql) {
      client.on('notification', ({ payload }) => hear(payload));
      await sql(`LISTEN ${WORK_CHANNEL}`);
      for (const signal of SIGNALS) config.onSignal(signal);
    },
  });

  return {
    name: 'listener',
    intervalMs: config.checkMs,
    async runOnce() {
      await connection.use((sql) => sql('SELECT 1 AS alive'));
      return { counts: {} };
    },
    close: () => connection.close(),
  };

  function hear(payload: string | undefined): void {
    const signal = signalIn(payload);
    if (signal) config.onSignal(signal);
  }
}

function signalIn(payload: string | undefined): WorkSignal['signal'] | undefined {
  try {
    const { signal } = JSON.parse(payload ?? '') as Partial<WorkSignal>;
    return SIGNALS.find((known) => known === signal);
  } catch {
    return undefined;
  }
}
