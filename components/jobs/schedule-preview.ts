import { checkCronLine, isUtcInstant } from '#core/schedules/check-schedule.ts';
import { compileSchedule } from '#core/schedules/compile.ts';
import { describeSchedule, type ScheduleDescription } from '#core/schedules/description.ts';
import { fires, type FireMark } from '#core/schedules/fires.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { checkTimeZone, zoneNames } from '#core/schedules/zone-names.ts';
import { zoneChanges } from '#core/schedules/zones.ts';

// Croner and what reads cron lines are heavy: the editor imports this file when it is first needed.

export { zoneNames };

/** A tick to come, or the moment at which the clocks change; `atMs` since 1970. */
export type PreviewRow =
  | { kind: 'tick'; atMs: number; sign: 'same' | 'added' | 'removed'; marks: readonly FireMark[] }
  | { kind: 'clocks'; atMs: number; offsetBefore: number; offsetAfter: number };

export type Preview = {
  rows: PreviewRow[];
  added: number;
  removed: number;
  /** The last moment that was compared. */
  untilMs: number | null;
};

// A removed tick is shown among the next ones; a saved schedule that fires every second must not fill the list.
const MOST_REMOVED = 10;

/**
 * The next ticks of a schedule with the changes of the clock between them, held against what is saved.
 * @param saved null where there is nothing to compare with
 * @returns null when the schedule isn't valid yet
 */
export function previewTicks(
  schedule: Schedule,
  saved: Schedule | null,
  now: Date,
  count: number,
): Preview | null {
  if (!isReadable(schedule, now)) return null;
  const next = [...fires(compileSchedule(schedule), { after: now, limit: count })];
  const untilMs = next.at(-1)?.at.getTime() ?? null;
  const before =
    saved === null || untilMs === null
      ? []
      : [
          ...fires(compileSchedule(saved), {
            after: now,
            until: new Date(untilMs),
            limit: count + MOST_REMOVED,
          }),
        ];
  const savedMs = new Set(before.map((fire) => fire.at.getTime()));
  const nextMs = new Set(next.map((fire) => fire.at.getTime()));
  const removed = before.filter((fire) => !nextMs.has(fire.at.getTime())).slice(0, MOST_REMOVED);
  const rows: PreviewRow[] = [
    ...next.map(({ at, marks }) => ({
      kind: 'tick' as const,
      atMs: at.getTime(),
      sign: saved === null || savedMs.has(at.getTime()) ? ('same' as const) : ('added' as const),
      marks,
    })),
    ...removed.map(({ at }) => ({
      kind: 'tick' as const,
      atMs: at.getTime(),
      sign: 'removed' as const,
      marks: [],
    })),
    ...clockChanges(schedule, now, untilMs),
  ];
  return {
    rows: rows.toSorted((a, b) => a.atMs - b.atMs || rank(a) - rank(b)),
    added: rows.filter((row) => row.kind === 'tick' && row.sign === 'added').length,
    removed: removed.length,
    untilMs,
  };
}

/** What happens to the ticks at one of the next changes of the clock. */
export type ClockChangeEffect = {
  atMs: number;
  offsetBefore: number;
  offsetAfter: number;
  /** Fixed times that don't exist that night, and run at its end. */
  moved: string[];
  /** Ticks on the second pass of the hour that comes twice. */
  repeated: number;
};

/** The next two changes of the clock with what they do to this schedule; empty where the zone has none. */
export function clockEffects(schedule: Schedule, now: Date): ClockChangeEffect[] {
  if (schedule.type !== 'cron' || !isReadable(schedule, now)) return [];
  const compiled = compileSchedule(schedule);
  return zoneChanges(schedule.timeZone, now, 2).map((change) => {
    const ms = change.at.getTime();
    const jumpMs = Math.abs(change.offsetAfterMinutes - change.offsetBeforeMinutes) * 60_000;
    const near = [
      ...fires(compiled, {
        after: new Date(ms - 1),
        until: new Date(ms + jumpMs - 1),
        limit: 5_000,
      }),
    ];
    return {
      atMs: ms,
      offsetBefore: change.offsetBeforeMinutes,
      offsetAfter: change.offsetAfterMinutes,
      moved: near.flatMap(({ marks }) =>
        marks.flatMap((mark) => (mark.kind === 'moved_by_dst' ? [mark.wallTime] : [])),
      ),
      repeated: near.filter(({ marks }) => marks.some(({ kind }) => kind === 'repeated')).length,
    };
  });
}

/**
 * Whether a schedule that is being typed can be reckoned with. The schema says the same and with words, but brings zod
 * along, which the preview can do without.
 */
export function isReadable(schedule: Schedule, now: Date): boolean {
  switch (schedule.type) {
    case 'manual':
      return true;
    case 'interval':
      return (
        Number.isInteger(schedule.everyMs) &&
        schedule.everyMs >= 1_000 &&
        isUtcInstant(schedule.anchor) &&
        checkTimeZone(schedule.timeZone) === null
      );
    case 'dates':
      return schedule.at.length > 0 && schedule.at.every(isUtcInstant);
    case 'cron':
      return (
        schedule.lines.length > 0 &&
        // Its calendar isn't here: what it makes of the lines is reckoned on the server.
        schedule.calendar === undefined &&
        schedule.lines.every(
          (line) => checkCronLine(line, schedule.timeZone, now, schedule.dialect) === null,
        )
      );
  }
}

/** What a line says, for words; null while it can't be read. */
export function describeLine(
  line: string,
  timeZone: string,
  now: Date,
): ScheduleDescription | null {
  if (checkCronLine(line, timeZone, now) !== null) return null;
  return describeSchedule({ type: 'cron', lines: [line.trim()], timeZone });
}

/** The offset from UTC in minutes now, and the next change; null for a zone that isn't known. */
export function zoneOffset(timeZone: string, now: Date) {
  try {
    const [change] = zoneChanges(timeZone, now, 1);
    return {
      minutes: change?.offsetBeforeMinutes ?? offsetNow(timeZone, now),
      change: change
        ? { atMs: change.at.getTime(), minutes: change.offsetAfterMinutes }
        : undefined,
    };
  } catch {
    return null;
  }
}

function offsetNow(timeZone: string, now: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find(({ type }) => type === 'timeZoneName');
  const [, sign = '+', hours = '0', minutes = '0'] =
    /GMT([+-])(\d+):(\d+)/.exec(parts?.value ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function clockChanges(schedule: Schedule, now: Date, untilMs: number | null): PreviewRow[] {
  if (schedule.type === 'manual' || untilMs === null) return [];
  return zoneChanges(schedule.timeZone, now, 4)
    .filter(({ at }) => at.getTime() <= untilMs)
    .map((change) => ({
      kind: 'clocks',
      atMs: change.at.getTime(),
      offsetBefore: change.offsetBeforeMinutes,
      offsetAfter: change.offsetAfterMinutes,
    }));
}

/** The change of the clock stands before the tick that it moved to the same moment. */
function rank(row: PreviewRow): number {
  return row.kind === 'clocks' ? 0 : 1;
}
