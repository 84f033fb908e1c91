import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { createPool } from '#core/db.ts';
import { createPlanner } from '#worker/planner.ts';
import type { Measure } from '../measure.ts';
import { punctual } from '../punctual/punctual.ts';

const JOBS = 100_000;
const MINUTE_MS = 60_000;

/**
 * 100,000 jobs that fire every minute, as one planner of a worker advances them: the first minute, in which it reads and
 * compiles every schedule, and the next one.
 */
export const plan: Measure = {
  name: 'plan',
  unit: (figure) => {
    if (figure.includes('processor')) return '% of a core';
    return figure.includes('busy') ? '% of the minute' : 'schedules/s';
  },
  better: 'more',
  rounds: 2,
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once({ url, pool }) {
        await punctual.schedule(url, JOBS, 'everyMinute');
        await pool.query('VACUUM ANALYZE');
        const own = createPool({ url, max: 2, applicationName: 'benchmark' });
        const logger = pino({ level: 'silent' });
        const planner = createPlanner({
          pool: own,
          logger,
          planAheadMs: 60_000,
          pollMs: 2_000,
          dueSoonMs: 5_000,
        });
        const rate = async () => {
          let jobs = 0;
          let busyMs = 0;
          while (jobs < JOBS) {
            const startedAtMs = performance.now();
            const { counts, nextInMs = 0 } = await planner.runOnce();
            jobs += counts['jobs'] ?? 0;
            if (counts['jobs']) busyMs += performance.now() - startedAtMs;
            await pause(nextInMs);
          }
          return jobs / (busyMs / 1_000);
        };
        const first = await rate();
        // Its ticks come within reach half a minute before they are due.
        const before = process.cpuUsage();
        const next = await rate();
        const used = process.cpuUsage(before);
        await own.end();
        return {
          first,
          next,
          'next: worker’s processor': ((used.user + used.system) / 1_000 / MINUTE_MS) * 100,
          'next: busy': (JOBS / next / 60) * 100,
        };
      },
    },
  ],
};
