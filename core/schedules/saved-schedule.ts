import { BoundedCache } from './bounded-cache.ts';
import { CalendarNotKnown } from './calendars/known.ts';
import { type CompiledSchedule, compileSchedule } from './compile.ts';
import { Schedule } from './schedule.ts';

const byText = new BoundedCache(20_000, (text: string) => {
  const schedule = Schedule.safeParse(JSON.parse(text)).data ?? null;
  return { schedule, compiled: undefined as CompiledSchedule | undefined };
});

/** What a saved definition says of its schedule, unread; undefined where there is no definition, or nothing of it. */
export function scheduleIn(definition: unknown): unknown {
  return (definition as { schedule?: unknown } | null | undefined)?.schedule;
}

/**
 * A schedule as a revision holds it, or null when this version can't read it. Kept by its text: checking a cron line
 * again takes a hundred times as long as finding it.
 */
export function savedSchedule(saved: unknown): Schedule | null {
  return byText.get(JSON.stringify(saved ?? null)).schedule;
}

/** The same, ready to be asked for its fires; null also where nobody knows its calendar (core/calendars). */
export function savedFires(saved: unknown): CompiledSchedule | null {
  const known = byText.get(JSON.stringify(saved ?? null));
  if (known.schedule === null) return null;
  try {
    return (known.compiled ??= compileSchedule(known.schedule));
  } catch (error) {
    if (error instanceof CalendarNotKnown) return null;
    throw error;
  }
}
