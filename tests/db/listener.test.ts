import { afterAll, beforeAll, expect, test } from 'vitest';
import { signalWorkers } from '#core/events/events.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/wait.ts';
import { listenWith } from '#worker/listener.ts';
import { OwnConnection } from '#worker/own-connection.ts';
import { WOKEN_BY } from '#worker/woken-by.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a worker hears everything that is announced to workers', async () => {
  const heard = new Set<string>();
  const connection = new OwnConnection({
    url: db.url,
    applicationName: 'test',
    deadlineMs: 60_000,
    onConnect: listenWith((signal) => void heard.add(signal)),
  });
  const signals = Object.keys(WOKEN_BY) as (keyof typeof WOKEN_BY)[];
  // What was said before nobody heard: every duty looks.
  await connection.use((sql) => sql('SELECT 1'));
  expect(heard).toEqual(new Set(signals));
  heard.clear();
  for (const signal of signals) await signalWorkers(db.sql, signal);
  await until(() => heard.size === signals.length, { what: 'every signal' });
  expect(heard).toEqual(new Set(signals));
  connection.close();
});
