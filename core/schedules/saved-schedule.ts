import { BoundedCache } from './bounded-cache.ts';
import { Schedule } from './schedule.ts';

const byText = new BoundedCache(20_000, (text: string) => ({
  schedule: Schedule.safeParse(JSON.parse(text)).data ?? null,
}));

/**
 * A schedule as a revision holds it, or null when this version can't read it. Kept by its text: checking a cron line
 * again takes a hundred times as long as finding it.
 */
export function savedSchedule(saved: unknown): Schedule | null {
  return byText.get(JSON.stringify(saved ?? null)).schedule;
}
