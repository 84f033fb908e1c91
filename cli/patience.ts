import { setTimeout as pause } from 'node:timers/promises';
import { isDatabaseAway } from '#core/database-away.ts';

const AGAIN_MS = 500;

/**
 * What `ask` gives; while the database is away it is asked again, and that is said once, on standard error.
 *
 * @throws what `ask` throws for another reason, or when `signal` aborts meanwhile
 */
export async function askUntilAnswered<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      const answer = await ask();
      if (tries > 1) console.error('The database answers again.');
      return answer;
    } catch (error) {
      if (!isDatabaseAway(error) || signal.aborted) throw error;
      if (tries === 1) console.error('The database doesn’t answer. Waiting until it does…');
      await pause(AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  }
}

/** Aborts at the first Ctrl-C (or SIGTERM); the second one ends the process at once, as without us. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
}
