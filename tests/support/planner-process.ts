import { pino } from 'pino';
import { createPool } from '#core/db.ts';
import { createPlanner } from '#worker/planner.ts';

// A planner alone in a process, for tests that kill it: it looks further ahead at each pass, so there is always
// something to plan, and says so after each.
const [url = '', firstAheadMs = '0', lastAheadMs = '0'] = process.argv.slice(2);
const pool = createPool({ url, max: 2, applicationName: 'planner-process' });
const logger = pino({ level: 'silent' });
for (let aheadMs = Number(firstAheadMs); aheadMs <= Number(lastAheadMs); aheadMs += 500) {
  const planner = createPlanner({ pool, logger, planAheadMs: aheadMs, pollMs: 2_000 });
  await planner.runOnce();
  process.stdout.write(`${aheadMs}\n`);
}
await pool.end();
