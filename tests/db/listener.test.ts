import { afterAll, beforeAll, expect, test } from 'vitest';
import { signalWorkers } from '#core/events/events.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/wait.ts';
import { createListener } from '#worker/listener.ts';
import { WOKEN_BY } from '#worker/woken-by.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a worker hears everything that is announced to workers', async () => {
  const heard = new Set<string>();
  const listener = createListener({
    url: db.url,
    applicationName: 'test',
    checkMs: 60_000,
    onSignal: (signal) => void heard.add(signal),
    onBroken: () => {},
  });
  await listener.runOnce();
  heard.clear();
  const signals = Object.keys(WOKEN_BY) as (keyof typeof WOKEN_BY)[];
  for (const signal of signals) await signalWorkers(db.sql, signal);
  await until(() => heard.size === signals.length, { what: 'every signal' });
  expect(heard).toEqual(new Set(signals));
  listener.close();
});
