import { dehydrate, hydrate, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInvalidator, WINDOW_MS } from './live-invalidation.ts';

let client: QueryClient;
let invalidator: ReturnType<typeof createInvalidator>;
let unwatch: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient({ defaultOptions: { queries: { networkMode: 'always' } } });
  invalidator = createInvalidator(client);
});
afterEach(() => {
  for (const stop of unwatch) stop();
  unwatch = [];
  invalidator.stop();
  client.clear();
  vi.useRealTimers();
});

/** A query that is on screen; gives how often it was asked. */
async function watch(
  queryKey: readonly unknown[],
  options: {
    tookMs?: number;
    topics?: readonly ['run'];
    restMs?: number;
    isKept?: boolean;
    isAway?: () => boolean;
  } = {},
) {
  let asked = 0;
  const observer = new QueryObserver(client, {
    queryKey,
    staleTime: Infinity,
    retry: true,
    retryDelay: 1_000,
    meta: {
      ...(options.topics && { topics: options.topics }),
      ...(options.restMs !== undefined && { restMs: options.restMs }),
      ...(options.isKept && { isKept: true }),
    },
    queryFn: () => {
      if (options.isAway?.()) return Promise.reject(new Error('away'));
      asked += 1;
      const answer = asked;
      return options.tookMs
        ? new Promise((resolve) => setTimeout(resolve, options.tookMs, answer))
        : Promise.resolve(answer);
    },
  });
  unwatch.push(observer.subscribe(() => {}));
  await vi.advanceTimersByTimeAsync(options.tookMs ?? 0);
  return { asked: () => asked - 1, shown: () => observer.getCurrentResult().data };
}

test('a change refetches what its topic names, and nothing else', async () => {
  const runs = await watch(['run', 'list', {}]);
  const mine = await watch(['run', 7]);
  const other = await watch(['run', 8, 'attempts']);
  const jobs = await watch(['job', 'list']);
  const jobsWithRuns = await watch(['job', 'bars'], { topics: ['run'] });
  invalidator.note({ topic: 'run', ids: [7] });
  await vi.advanceTimersByTimeAsync(0);
  expect([runs, mine, other, jobs, jobsWithRuns].map((query) => query.asked())).toEqual([
    1, 1, 0, 0, 1,
  ]);
});

test('ids left out mean any of them, and * means anything', async () => {
  const one = await watch(['run', 7]);
  const job = await watch(['job', 3]);
  invalidator.note({ topic: 'run', ids: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect([one.asked(), job.asked()]).toEqual([1, 0]);
  invalidator.note({ topic: '*', ids: [] });
  await vi.advanceTimersByTimeAsync(WINDOW_MS);
  expect([one.asked(), job.asked()]).toEqual([2, 1]);
});

test('however fast things change, a key is refetched at most four times a second', async () => {
  const runs = await watch(['run', 'list']);
  for (let ms = 0; ms < 1_000; ms += 10) {
    invalidator.note({ topic: 'run', ids: [ms] });
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(runs.asked()).toBeGreaterThanOrEqual(4);
  expect(runs.asked()).toBeLessThanOrEqual(5);
  const before = runs.asked();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs.asked()).toBeLessThanOrEqual(before + 1);
});

test('a slow query under a storm of events still answers, and ends with the last change', async () => {
  const runs = await watch(['run', 'list'], { tookMs: 600 });
  for (let ms = 0; ms < 3_000; ms += 50) {
    invalidator.note({ topic: 'run', ids: [] });
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(Number(runs.shown())).toBeGreaterThan(1);
  const lastNoteAsked = runs.asked();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(runs.asked()).toBeGreaterThan(lastNoteAsked - 1);
  expect(Number(runs.shown())).toBe(runs.asked() + 1);
});

test('data that an event overtook on their way here are asked for again', async () => {
  invalidator.note({ topic: 'run', ids: [7] });
  await vi.advanceTimersByTimeAsync(300);
  const server = new QueryClient();
  server.setQueryData(['run', 7], 'made before the event');
  server.setQueryData(['run', 8], 'of another run');
  hydrate(client, dehydrate(server));
  await vi.advanceTimersByTimeAsync(WINDOW_MS);
  expect(client.getQueryState(['run', 7])?.isInvalidated).toBe(true);
  expect(client.getQueryState(['run', 8])?.isInvalidated).toBe(false);
});

test('a read that rests is asked again when it has rested, and once for all that happened', async () => {
  const list = await watch(['job', 'list'], { restMs: 1_000 });
  for (let change = 0; change < 5; change += 1) {
    invalidator.note({ topic: 'job', ids: [] });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(list.asked()).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(list.asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(list.asked()).toBe(1);
});

test('what the server keeps for a moment is asked once more after the rest, and then no more', async () => {
  const day = await watch(['run', 'day'], { restMs: 5_000, isKept: true });
  await vi.advanceTimersByTimeAsync(6_000);
  invalidator.note({ topic: 'run', ids: [] });
  await vi.advanceTimersByTimeAsync(WINDOW_MS);
  expect(day.asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(day.asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(day.asked()).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(day.asked()).toBe(2);
});

test('a server that answers slowly is asked the less, and still told of the last change', async () => {
  const slow = await watch(['run', 'list'], { tookMs: 1_000 });
  for (let ms = 0; ms < 20_000; ms += 100) {
    invalidator.note({ topic: 'run', ids: [] });
    await vi.advanceTimersByTimeAsync(100);
  }
  // A second of each four.
  expect(slow.asked()).toBeGreaterThanOrEqual(4);
  expect(slow.asked()).toBeLessThanOrEqual(6);
  const before = slow.asked();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(slow.asked()).toBe(before + 1);
});

test('after a server was away, what it tells is shown at once: the outage was no slow answer', async () => {
  let isAway = false;
  const log = await watch(['log', 7], { tookMs: 10, isAway: () => isAway });
  isAway = true;
  invalidator.note({ topic: 'log', ids: [7] });
  await vi.advanceTimersByTimeAsync(10_500);
  isAway = false;
  invalidator.note({ topic: '*', ids: [] });
  await vi.advanceTimersByTimeAsync(2_000);
  const before = log.asked();
  expect(before).toBeGreaterThan(0);
  invalidator.note({ topic: 'log', ids: [7] });
  await vi.advanceTimersByTimeAsync(WINDOW_MS);
  expect(log.asked()).toBe(before + 1);
});
