import type pg from 'pg';
import { type Sql, WORK_CHANNEL } from '#core/db.ts';
import type { WorkSignal } from '#core/events/events.ts';
import { WOKEN_BY } from './woken-by.ts';

const SIGNALS = Object.keys(WOKEN_BY) as WorkSignal['signal'][];

/**
 * For a new connection: from then on `onSignal` is called with what other processes announce, and at once with every signal, since
 * what was said before was not heard. A dead connection is silent, like a healthy one on which nothing happens: it has to be
 * one on which something is asked from time to time. Duties look besides, so a deaf spell only delays.
 */
export const listenWith =
  (onSignal: (signal: WorkSignal['signal']) => void) =>
  async (client: pg.Client, sql: Sql): Promise<void> => {
    client.on('notification', ({ payload }) => {
      const signal = signalIn(payload);
      if (signal) onSignal(signal);
    });
    await sql(`LISTEN ${WORK_CHANNEL}`);
    for (const signal of SIGNALS) onSignal(signal);
  };

function signalIn(payload: string | undefined): WorkSignal['signal'] | undefined {
  try {
    const { signal } = JSON.parse(payload ?? '') as Partial<WorkSignal>;
    return SIGNALS.find((known) => known === signal);
  } catch {
    return undefined;
  }
}
