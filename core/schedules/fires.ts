import {
  cronLines,
  latestCronFire,
  nextCronFire,
  type FireAt,
  type FireMark,
} from './cron-fires.ts';
import type { Schedule } from './schedule.ts';

export type { FireMark } from './cron-fires.ts';

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
export function* fires(schedule: Schedule, range: FiresRange): Generator<Fire, void, undefined> {
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
export function nextFire(schedule: Schedule, after: Date): Fire | null {
  const fire = checkedNext(schedule, after.getTime());
  return fire && { at: new Date(fire.ms), marks: fire.marks };
}

/** The last fire in (after, until], or null; found from the end, however long the stretch is. */
export function latestFire(schedule: Schedule, range: { after: Date; until: Date }): Fire | null {
  const ms = latestMs(schedule, range.after.getTime(), range.until.getTime());
  return ms === null ? null : nextFire(schedule, new Date(ms - 1));
}

function checkedNext(schedule: Schedule, afterMs: number): FireAt | null {
  const fire = nextAfter(schedule, afterMs);
  if (fire !== null && !(fire.ms > afterMs)) {
    throw new Error(
      `The schedule ${JSON.stringify(schedule)} fires at ${fire.ms}, which is not after ${afterMs}.`,
    );
  }
  return fire;
}

function nextAfter(schedule: Schedule, afterMs: number): FireAt | null {
  switch (schedule.type) {
    case 'manual':
      return null;
    case 'interval': {
      const anchorMs = Date.parse(schedule.anchor);
      const turn = Math.floor((afterMs - anchorMs) / schedule.everyMs) + 1;
      const ms = anchorMs + turn * schedule.everyMs;
      return ms > LAST_INSTANT_MS ? null : { ms, marks: NONE };
    }
    case 'cron':
      return nextCronFire(cronLines(schedule), afterMs);
  }
}

function latestMs(schedule: Schedule, afterMs: number, untilMs: number): number | null {
  switch (schedule.type) {
    case 'manual':
      return null;
    case 'interval': {
      const anchorMs = Date.parse(schedule.anchor);
      const turn = Math.floor((untilMs - anchorMs) / schedule.everyMs);
      const ms = anchorMs + turn * schedule.everyMs;
      return ms > afterMs ? ms : null;
    }
    case 'cron':
      return latestCronFire(cronLines(schedule), afterMs, untilMs);
  }
}

const NONE: readonly FireMark[] = [];
/** The end of what a Date can hold. */
const LAST_INSTANT_MS = 8.64e15;
