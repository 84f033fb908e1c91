import { createPool, sqlOf } from '#core/db.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { readFreeBytes } from '#core/health/own-disk.ts';
import { EnvironmentError } from '#core/environment.ts';
import { type Readiness, readReadiness } from '#core/health/readiness.ts';
import { routeOf } from '#core/route.ts';
import { CommandProblem } from './command-problem.ts';
import { findDatabase } from './find-database.ts';
import { readSettings } from './start/settings.ts';

/** Asks the database once; the problem is a sentence about the environment. */
export async function readReadinessOnce(): Promise<
  { ok: true; readiness: Readiness } | { ok: false; problem: string }
> {
  let url: string;
  try {
    url = findDatabase();
  } catch (error) {
    if (!(error instanceof EnvironmentError || error instanceof CommandProblem)) throw error;
    return { ok: false, problem: error.message };
  }
  const { environment } = readSettings(process.env);
  const { PUNCTUAL_DATA_DIR } = environment;
  const pool = createPool({
    ...routeOf({ ...environment, DATABASE_URL: url }),
    max: 4,
    applicationName: 'punctual-command',
  });
  try {
    const sources = {
      sql: sqlOf(pool),
      freeBytes: () => readFreeBytes({ DATABASE_URL: url, PUNCTUAL_DATA_DIR }),
    };
    return { ok: true, readiness: await readReadiness(sources, englishHealthWords()) };
  } finally {
    await pool.end();
  }
}
