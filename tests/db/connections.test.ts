import { afterAll, expect, test } from 'vitest';
import { environment } from '#core/environment.ts';
import { hub } from '#core/events/hub.ts';
import { prisma, webPool } from '#core/prisma.ts';
import { until } from '#tests/support/wait.ts';
import { webDatabase } from '#tests/support/web.ts';
import { watchHealth } from '../../cli/health-watch.ts';

const web = webDatabase();
afterAll(() => hub().closeAll());

// Of a worker: tests/db/fifty-workers.test.ts.
test('a console has thirteen connections at most, however much is asked of it at once', async () => {
  hub().subscribe({ sessionId: 'none', grants: [], onMessage: () => {}, onEnd: () => {} });
  watchHealth(environment(), 'https://punctual.example.org');
  const asked = [
    ...Array.from({ length: 40 }, () => webPool().query('SELECT pg_sleep(0.1)')),
    ...Array.from({ length: 40 }, () => prisma().job.count()),
  ];
  const counted = await until(
    async () => {
      const rows = await web.db().sql<{ name: string; count: number }>(
        `SELECT application_name AS name, count(*)::int FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() GROUP BY application_name`,
      );
      const count = Object.fromEntries(rows.map((row) => [row.name, row.count]));
      return count['punctual-web'] === 10 && count['punctual-events'] === 1 && count;
    },
    { what: 'all connections of the pool' },
  );
  expect(counted['punctual-watch'] ?? 0).toBeLessThanOrEqual(2);
  const others = Object.keys(counted).filter(
    (name) =>
      !['punctual-web', 'punctual-events', 'punctual-watch', 'punctual-test'].includes(name),
  );
  expect(others).toEqual([]);
  await Promise.all(asked);
});
