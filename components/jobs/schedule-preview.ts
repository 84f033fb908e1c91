import { type Blackout, Coverage } from '#core/schedules/blackouts/coverage.ts';
import { checkCronLine } from '#core/schedules/check-schedule.ts';
import { isUtcInstant } from '#core/schedules/utc-instant.ts';
import { completeSchedule } from '#core/schedules/complete.ts';
import { describeSchedule, type ScheduleDescription } from '#core/schedules/description.ts';
import type { Dialect } from '#core/schedules/dialects/dialect.ts';
import { readLine, readLines } from '#core/schedules/dialects/read-lines.ts';
import type { DifferenceAhead } from '#core/schedules/fire-counts.ts';
import { differenceAhead } from '#core/schedules/fire-difference.ts';
import { notationOf } from '#core/schedules/line-notation.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { type Preview, upcomingTicks } from '#core/schedules/upcoming.ts';
import { offsetAt } from '#core/schedules/wall-instant.ts';
import { checkTimeZone, zoneNames } from '#core/schedules/zone-names.ts';
import { zoneChanges } from '#core/schedules/zones.ts';
import {
  effectsOfChanges,
  examplesOfRules,
  type ClockChangeEffect,
  type RuleExamples,
} from './clock-effects.ts';

// Croner and what reads cron lines are heavy: the editor imports this file when it is first needed.

export { zoneNames };

export type { Preview, PreviewRow } from '#core/schedules/upcoming.ts';

/** What else is known of the job: its key, which its place in a jitter is reckoned from, and the blackouts that hit it. */
export type TypedFor = { key?: string; coverage?: Coverage };

/** @param blackouts as JSON carries them */
export function coverageOf(blackouts: readonly TypedBlackout[]): Coverage {
  return new Coverage(
    blackouts.map(({ idleUntil, ...blackout }) => ({
      ...blackout,
      idleUntil: idleUntil === null ? null : new Date(idleUntil),
    })),
  );
}

export type TypedBlackout = Omit<Blackout, 'idleUntil'> & { idleUntil: string | null };

/**
 * The next ticks of a schedule that is being typed, held against what is saved.
 * @param saved null where there is nothing to compare with
 * @returns null when the schedule isn't valid yet
 */
export function previewTicks(
  typed: Schedule,
  saved: Schedule | null,
  now: Date,
  count: number,
  { key = '', coverage }: TypedFor = {},
): Preview | null {
  if (!isReadable(typed, now)) return null;
  const schedule = completeSchedule(typed, { key, now, before: saved });
  const before = saved && isReadable(saved, now) ? saved : null;
  return upcomingTicks(schedule, before, now, count, coverage && { coverage });
}

/** What saving would do to the ticks of the next `days`; null when the schedule isn't valid yet. */
export function previewDifference(
  typed: Schedule,
  saved: Schedule,
  now: Date,
  days: number,
  { key = '', coverage }: TypedFor = {},
): DifferenceAhead | null {
  if (!isReadable(typed, now) || !isReadable(saved, now)) return null;
  const edited = completeSchedule(typed, { key, now, before: saved });
  return differenceAhead(saved, edited, now, days, coverage && { coverage });
}

/** The next two changes of the clock with what they do to this schedule; empty where the zone has none. */
export function clockEffects(schedule: Schedule, now: Date): ClockChangeEffect[] {
  const lines = linesOf(schedule, now);
  return lines ? effectsOfChanges(lines, now) : [];
}

/** What each rule for changes of the clock would do; null where none matters. */
export function ruleExamples(schedule: Schedule, now: Date): RuleExamples | null {
  const lines = linesOf(schedule, now);
  return lines && examplesOfRules(lines, now);
}

/** What the lines say whatever a calendar makes of their days; null while they can't be read. */
function linesOf(schedule: Schedule, now: Date): Extract<Schedule, { type: 'cron' }> | null {
  if (schedule.type !== 'cron') return null;
  const { calendar: _, ...lines } = schedule;
  return isReadable(lines, now) ? lines : null;
}

/**
 * Whether a schedule that is being typed can be reckoned with. The schema says the same and with words, but brings zod
 * along, which the preview can do without.
 */
export function isReadable(schedule: Schedule, now: Date): boolean {
  if (schedule.type === 'manual') return true;
  if (!hasReadableLimits(schedule) || checkTimeZone(schedule.timeZone) !== null) return false;
  switch (schedule.type) {
    case 'interval':
      return (
        Number.isInteger(schedule.everyMs) &&
        schedule.everyMs >= 1_000 &&
        (schedule.from === 'end' || isUtcInstant(schedule.anchor))
      );
    case 'dates':
      return schedule.at.length > 0 && schedule.at.every(isUtcInstant);
    case 'cron':
      return (
        schedule.lines.length > 0 &&
        readLines(schedule.lines, schedule.dialect ?? 'unix').ok &&
        schedule.lines.every(
          (line) => checkCronLine(line, schedule.timeZone, now, schedule.dialect) === null,
        )
      );
  }
}

function hasReadableLimits(schedule: Exclude<Schedule, { type: 'manual' }>): boolean {
  const { calendar, startsAt, endsAt, maxFires = 1, jitterMs = 0 } = schedule;
  return (
    // A calendar isn't here: what it makes of the days is reckoned on the server.
    calendar === undefined &&
    [startsAt, endsAt].every((text) => text === undefined || isUtcInstant(text)) &&
    Number.isInteger(maxFires) &&
    maxFires >= 1 &&
    Number.isInteger(jitterMs) &&
    jitterMs >= 0
  );
}

/** What a line says, for words, and what it became; null while it can't be read. */
export function describeLine(
  line: string,
  dialect: Dialect,
  timeZone: string,
  now: Date,
): LineInWords | null {
  const read = readLine(line, dialect);
  if (!read.ok || checkCronLine(line, timeZone, now, dialect) !== null) return null;
  const became = notationOf(read.became);
  // A crontab's own line is told as it is: writing it otherwise would say nothing new.
  const isNews = dialect !== 'unix' || line.trim().startsWith('@');
  return {
    description: describeSchedule({ type: 'cron', lines: [line.trim()], dialect, timeZone }),
    became: isNews && became !== line.trim() ? became : null,
    timeZone: read.timeZone,
  };
}

export type LineInWords = {
  description: ScheduleDescription;
  /** In croner's fields, where that says more than the line itself. */
  became: string | null;
  /** The zone that the line itself names. */
  timeZone: string | null;
};

/** Lines to begin with. */
export const exampleLines: Readonly<Record<Dialect, readonly string[]>> = {
  unix: ['*/15 * * * *', '5 * * * *', '30 2 * * *', '30 6 * * 1-5'],
  croner: ['*/15 * * * *', '30 2 * * *', '0 0 9 * * MON#1', '0 18 L * *'],
  quartz: ['0 0/15 * * * ?', '0 30 2 * * ?', '0 30 6 ? * MON-FRI', '0 0 9 ? * 6#3'],
  systemd: ['*:0/15', '*-*-* 02:30', 'Mon..Fri 06:30', '*-*~01 18:00'],
};

/** The offset from UTC in minutes now, and the next change; null for a zone that isn't known. */
export function zoneOffset(timeZone: string, now: Date) {
  try {
    const [change] = zoneChanges(timeZone, now, 1);
    return {
      minutes: change?.offsetBeforeMinutes ?? offsetAt(now.getTime(), timeZone) / 60_000,
      change: change
        ? { atMs: change.at.getTime(), minutes: change.offsetAfterMinutes }
        : undefined,
    };
  } catch {
    return null;
  }
}
