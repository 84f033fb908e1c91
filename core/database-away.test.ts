import { expect, test } from 'vitest';
import { inTime, isDatabaseAway, noteAnswer } from './database-away.ts';

const never = new Promise<never>(() => {});
const after = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

test('a database that says nothing is given up', async () => {
  const began = performance.now();
  const error: unknown = await inTime(never, 80).catch((thrown: unknown) => thrown);
  expect(isDatabaseAway(error)).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(75);
});

test('what comes in time is given', async () => {
  expect(await inTime(Promise.resolve(7), 80)).toBe(7);
});

test('while others get their answers, one waits for one’s own', async () => {
  const others = setInterval(noteAnswer, 5);
  try {
    expect(
      await inTime(
        after(400).then(() => 'mine'),
        80,
      ),
    ).toBe('mine');
  } finally {
    clearInterval(others);
  }
});

test('what this process is busy with itself isn’t the database’s silence', async () => {
  const asked = inTime(
    after(20)
      .then(() => after(20))
      .then(() => 'mine'),
    160,
  );
  const until = performance.now() + 600;
  while (performance.now() < until) JSON.stringify(process.memoryUsage());
  expect(await asked).toBe('mine');
});
