import type pg from 'pg';
import type { Logger } from 'pino';
import type { Environment } from '#core/environment.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { readFreeBytes } from '#core/health/own-disk.ts';
import { Watch } from '#core/health/watch.ts';
import type { Duty } from './duty.ts';

export type WatcherConfig = {
  pool: pg.Pool;
  logger: Logger;
  environment: Pick<Environment, 'DATABASE_URL' | 'PUNCTUAL_DATA_DIR'>;
  intervalMs?: number;
};

/** Watches Punctual itself, from a worker; the console does the same, for when no worker lives (cli/health-watch.ts). */
export function createWatcher({
  pool,
  logger,
  environment,
  intervalMs = 30_000,
}: WatcherConfig): Duty {
  const watch = new Watch({
    pool,
    words: englishHealthWords(),
    freeBytes: () => readFreeBytes(environment),
    onTrouble: (trouble, sentence) => logger.error(trouble, sentence),
    onRecovered: (recovered) => logger.info(recovered, 'well again'),
  });
  return { name: 'watcher', intervalMs, runOnce };

  async function runOnce() {
    const { opened, ended } = await watch.lookOnce();
    return { counts: { opened, ended } };
  }
}
