import { createPool, sqlOf } from '#core/db.ts';
import { environment, EnvironmentError } from '#core/environment.ts';
import { readReadiness } from '#core/health/readiness.ts';

/** Prints what GET /api/ready answers, one line a check, without needing the console. */
export async function printReadiness(): Promise<void> {
  let url: string;
  try {
    url = environment().DATABASE_URL;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  const pool = createPool({ url, max: 4, applicationName: 'punctual-command' });
  try {
    const { ready, checks } = await readReadiness(sqlOf(pool));
    for (const { name, ok, says } of checks) console.log(`${ok ? 'ok ' : 'NO '} ${name}: ${says}`);
    process.exitCode = ready ? 0 : 1;
  } finally {
    await pool.end();
  }
}
