import { compileSchedule } from '#core/schedules/compile.ts';
import { DST_OF_DIALECT } from '#core/schedules/dialects/dialect.ts';
import { readLines } from '#core/schedules/dialects/read-lines.ts';
import type { DstRule } from '#core/schedules/dst-rule.ts';
import { fires, type Fire } from '#core/schedules/fires.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import type { WallLine } from '#core/schedules/wall-clock.ts';
import { zoneChanges, type ZoneChange } from '#core/schedules/zones.ts';

type CronSchedule = Extract<Schedule, { type: 'cron' }>;

const MOST_FIRES = 5_000;

/** What happens to the ticks at one of the next changes of the clock. */
export type ClockChangeEffect = {
  atMs: number;
  offsetBefore: number;
  offsetAfter: number;
  /** Fixed times that don't exist that night, and when they run instead, on the clock. */
  moved: { wall: string; toMs: number }[];
  /** Fixed times that don't exist that night and don't run. */
  dropped: string[];
  /** Ticks on the second pass of the hour that comes twice, which ran on the first one too. */
  repeated: number;
  /** Ticks that wait for that second pass. */
  waited: number;
};

/** The next two changes of the clock with what they do to a schedule that reads well; empty where its zone has none. */
export function effectsOfChanges(schedule: CronSchedule, now: Date): ClockChangeEffect[] {
  const clock = clockOf(schedule);
  if (!clock) return [];
  return zoneChanges(clock.timeZone, now, 2).map((change) => {
    const near = firesAround(schedule, change);
    const atMs = change.at.getTime();
    const times = new Set(near.map(({ at }) => at.getTime()));
    const second = near.filter(({ marks }) => marks.some(({ kind }) => kind === 'repeated'));
    const twice = second.filter(({ at }) => times.has(at.getTime() - jumpMsOf(change)));
    return {
      atMs,
      offsetBefore: change.offsetBeforeMinutes,
      offsetAfter: change.offsetAfterMinutes,
      moved: movedIn(near),
      dropped: clock.dst.missing === 'skip' ? droppedAt(schedule, change) : [],
      repeated: twice.length,
      waited: second.length - twice.length,
    };
  });
}

/** One fixed time under each rule, at the next change of the clock that concerns it; `wall` is that time. */
export type RuleExamples = {
  /** `end` and `shift` are what the clock shows then. */
  missing: { atMs: number; wall: string; end: string; shift: string } | null;
  /** Offsets from UTC in minutes on either pass. */
  repeated: { atMs: number; wall: string; first: number; second: number } | null;
};

/** Null where no rule matters: the lines have no fixed time, or the zone's clock doesn't change. */
export function examplesOfRules(schedule: CronSchedule, now: Date): RuleExamples | null {
  const clock = clockOf(schedule);
  const fixed = clock?.lines.filter(({ isFixedTime }) => isFixedTime) ?? [];
  if (!clock || fixed.length === 0) return null;
  const changes = zoneChanges(clock.timeZone, now, 2);
  const forward = changes.find((one) => one.offsetAfterMinutes > one.offsetBeforeMinutes);
  const back = changes.find((one) => one.offsetAfterMinutes < one.offsetBeforeMinutes);
  if (!forward && !back) return null;
  return {
    missing: forward ? missingExample(forward, fixed) : null,
    repeated: back
      ? {
          atMs: back.at.getTime(),
          wall: clockText(exampleIn(back, fixed)),
          first: back.offsetBeforeMinutes,
          second: back.offsetAfterMinutes,
        }
      : null,
  };
}

function missingExample(forward: ZoneChange, fixed: readonly WallLine[]) {
  const wallMs = exampleIn(forward, fixed);
  const atMs = forward.at.getTime();
  return {
    atMs,
    wall: clockText(wallMs),
    end: clockText(atMs + forward.offsetAfterMinutes * MINUTE_MS),
    shift: clockText(wallMs + jumpMsOf(forward)),
  };
}

const MINUTE_MS = 60_000;

/** A time that the clock jumps over or shows twice: one that the lines name on some day, else the middle of an hour. */
function exampleIn(change: ZoneChange, fixed: readonly WallLine[]): number {
  const { offsetBeforeMinutes, offsetAfterMinutes } = change;
  const startMs =
    change.at.getTime() + Math.min(offsetBeforeMinutes, offsetAfterMinutes) * MINUTE_MS;
  const jumpMs = jumpMsOf(change);
  const dayMs = startMs - (startMs % 86_400_000);
  const named = fixed
    .flatMap(({ hours, minutes }) =>
      hours.flatMap((hour) => minutes.map((minute) => dayMs + (hour * 60 + minute) * MINUTE_MS)),
    )
    .find((ms) => ms >= startMs && ms < startMs + jumpMs);
  return named ?? startMs + Math.min(30 * MINUTE_MS, jumpMs / 2);
}

function clockOf({ lines, dialect = 'unix', timeZone, dst }: CronSchedule) {
  const read = readLines(lines, dialect);
  if (!read.ok) return null;
  const rule: DstRule = dst ?? DST_OF_DIALECT[dialect];
  return { lines: read.lines, timeZone: read.timeZone ?? timeZone, dst: rule };
}

/** From one jump before the change, whose times the clock shows again, to one after it. */
function firesAround(schedule: CronSchedule, change: ZoneChange): Fire[] {
  const { lines, dialect, timeZone, dst } = schedule;
  const ms = change.at.getTime();
  const jumpMs = jumpMsOf(change);
  const compiled = compileSchedule({ type: 'cron', lines, dialect, timeZone, dst });
  return [
    ...fires(compiled, {
      after: new Date(ms - jumpMs - 1),
      until: new Date(ms + jumpMs - 1),
      limit: MOST_FIRES,
    }),
  ];
}

function droppedAt(schedule: CronSchedule, change: ZoneChange): string[] {
  const shifted = { ...schedule, dst: { missing: 'shift', repeated: 'first' } } as const;
  return movedIn(firesAround(shifted, change)).map(({ wall }) => wall);
}

function movedIn(near: readonly Fire[]): ClockChangeEffect['moved'] {
  return near.flatMap(({ at, marks }) =>
    marks.flatMap((mark) =>
      mark.kind === 'moved_by_dst' ? [{ wall: mark.wallTime, toMs: at.getTime() }] : [],
    ),
  );
}

function jumpMsOf({ offsetBeforeMinutes, offsetAfterMinutes }: ZoneChange): number {
  return Math.abs(offsetAfterMinutes - offsetBeforeMinutes) * MINUTE_MS;
}

/** `02:30` of a wall time. */
function clockText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(11, 16);
}
