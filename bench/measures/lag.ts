import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../contender.ts';
import { CONTENDERS } from '../contenders.ts';
import { asEntrants, type Measure } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { punctual, scheduleOverSecond } from '../punctual/punctual.ts';
import type { Start } from '../worker-side.ts';
import { loadWorker } from '../worker-process.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** A worker has so long before the minute comes, to plan and to come to rest. */
const SETTLE_MS = 20_000;
export const LONGEST_MS = 150_000;

/** From the whole minute to the start of the schedules that are due then. */
export const lag = (schedules: number): Measure =>
  measureOf({
    name: `lag of ${schedules}`,
    schedules,
    contenders: CONTENDERS,
    schedule: (contender, url) => contender.schedule(url, schedules, 'everyMinute'),
    dueMs: () => 0,
  });

/**
 * The same of schedules of which some are due in every millisecond of the minute's first second. A line of cron has no parts
 * of a second, so Punctual is by itself.
 */
export const lagOverSecond = (schedules: number): Measure =>
  measureOf({
    name: `lag of ${schedules} over a second`,
    schedules,
    contenders: [punctual],
    schedule: (_, url) => scheduleOverSecond(url, schedules),
    dueMs: (n) => n % SECOND_MS,
  });

type Due = {
  name: string;
  schedules: number;
  contenders: readonly Contender[];
  /** Answers further settings of the worker. */
  schedule: (contender: Contender, url: string) => ReturnType<Contender['schedule']>;
  /** How long after the whole minute a schedule is due. */
  dueMs: (n: number) => number;
};

const measureOf = ({ name, schedules, contenders, schedule, dueMs }: Due): Measure => ({
  name,
  unit: 'ms',
  better: 'less',
  rounds: 2,
  entrants: asEntrants(contenders, async (contender, { url }) => {
    const settings = await schedule(contender, url);
    const worker = await loadWorker(
      { ...contender, settings: { ...contender.settings, ...settings } },
      url,
    );
    await worker.start();
    const minuteMs = Math.ceil((Date.now() + SETTLE_MS) / MINUTE_MS) * MINUTE_MS;
    await pause(minuteMs - Date.now());
    const starts: Start[] = [];
    while (starts.length < schedules && Date.now() < minuteMs + LONGEST_MS) {
      await pause(200);
      // Those of the minute before aren't meant.
      starts.push(...(await worker.starts()).filter(([, atMs]) => atMs > minuteMs - 1_000));
    }
    await worker.end();
    // Who hasn't started all of them by then is as late as this at least. A minute later each is due again.
    const first = new Map<number, number>();
    for (const [n, atMs] of starts) if (!first.has(n)) first.set(n, atMs - minuteMs - dueMs(n));
    const lags = Array.from({ length: schedules }, (_, n) => first.get(n) ?? LONGEST_MS);
    return { p50: percentile(lags, 50), p99: percentile(lags, 99), max: percentile(lags, 100) };
  }),
});
