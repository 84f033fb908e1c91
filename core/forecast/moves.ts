import { countsFromEnd, type FromEnd } from '../schedules/from-end.ts';
import { jitterOffsetMs } from '../schedules/jitter.ts';
import type { Schedule } from '../schedules/schedule.ts';

/** Another schedule for a job, whose fires all come so much later (or earlier, below zero). */
export type Move = { schedule: Schedule; shiftMs: number; how: MoveKind };

/** What it changes: the minute in the cron line, where a step begins, what an interval keeps step with, the jitter. */
export type MoveKind = 'minute' | 'step' | 'anchor' | 'jitter';

/** Why a schedule is left as it is. */
export type NoMove = 'dates' | 'bounded' | 'dense' | 'has_jitter' | 'from_end';

const MINUTE_MS = 60_000;
const MOST_SHIFT_MINUTES = 59;
const JITTER_MINUTES = [5, 10, 15, 30, 60];

const MACROS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
};

/**
 * The ways to move a schedule by whole minutes without changing how often it fires: a line with one minute gets another of
 * the same hour, a step within an hour begins at another minute, an interval keeps step with a later instant, and any
 * other line gets a jitter, in which its job has a place of its own.
 *
 * @param seed what the place in the jitter is reckoned from: the job's key
 * @param apartMs how far its fires lie apart, the least
 */
export function movesOf(
  schedule: Schedule,
  { seed, apartMs }: { seed: string; apartMs: number },
): { moves: Move[] } | { none: NoMove } {
  if (schedule.type === 'manual' || schedule.type === 'dates') return { none: 'dates' };
  if (countsFromEnd(schedule)) return { none: 'from_end' };
  // Another minute could change how many fires there are, or which is the last.
  if (schedule.endsAt !== undefined || schedule.maxFires !== undefined) return { none: 'bounded' };
  if (apartMs < 2 * MINUTE_MS) return { none: 'dense' };
  if (schedule.type === 'interval') return { moves: anchorMoves(schedule) };
  const moves = lineMoves(schedule);
  if (moves.length > 0) return { moves };
  if ((schedule.jitterMs ?? 0) > 0) return { none: 'has_jitter' };
  return { moves: jitterMoves(schedule, seed, apartMs) };
}

function anchorMoves(schedule: Exclude<Extract<Schedule, { type: 'interval' }>, FromEnd>): Move[] {
  const most = Math.min(MOST_SHIFT_MINUTES, Math.ceil(schedule.everyMs / MINUTE_MS) - 1);
  return Array.from({ length: Math.max(0, most) }, (_, n) => {
    const shiftMs = (n + 1) * MINUTE_MS;
    const anchor = new Date(Date.parse(schedule.anchor) + shiftMs).toISOString();
    return { schedule: { ...schedule, anchor }, shiftMs, how: 'anchor' as const };
  });
}

function lineMoves(schedule: Extract<Schedule, { type: 'cron' }>): Move[] {
  const { lines, dialect = 'unix' } = schedule;
  const [written = ''] = lines;
  if (lines.length !== 1 || (dialect !== 'unix' && dialect !== 'croner')) return [];
  const line = MACROS[written.toLowerCase()] ?? written;
  const [minute = '', ...rest] = line.trim().split(/\s+/);
  if (rest.length !== 4) return [];
  const moved = (text: string, shiftMinutes: number, how: MoveKind): Move => ({
    schedule: { ...schedule, lines: [[text, ...rest].join(' ')] },
    shiftMs: shiftMinutes * MINUTE_MS,
    how,
  });
  if (/^\d{1,2}$/.test(minute)) {
    const own = Number(minute);
    return Array.from({ length: 60 }, (_, n) => n)
      .filter((n) => n !== own)
      .map((n) => moved(String(n), n - own, 'minute'));
  }
  const step = stepIn(minute);
  if (step === null) return [];
  return Array.from({ length: step.every }, (_, n) => n)
    .filter((n) => n !== step.from)
    .map((n) =>
      moved(n === 0 ? `*/${step.every}` : `${n}-59/${step.every}`, n - step.from, 'step'),
    );
}

/** A step that goes on evenly from one hour to the next: every 15 minutes, or `7-59/20`. */
function stepIn(minute: string): { from: number; every: number } | null {
  const [, from = '', step = ''] = /^(?:\*|(\d{1,2})-59)\/(\d{1,2})$/.exec(minute) ?? [];
  const [first, every] = [Number(from), Number(step)];
  return every >= 2 && 60 % every === 0 && first < every ? { from: first, every } : null;
}

function jitterMoves(
  schedule: Exclude<Schedule, { type: 'manual' } | FromEnd>,
  seed: string,
  apartMs: number,
): Move[] {
  const jitterSeed = schedule.jitterSeed ?? seed;
  return JITTER_MINUTES.map((minutes) => minutes * MINUTE_MS)
    .filter((jitterMs) => jitterMs <= apartMs / 2)
    .map((jitterMs) => ({
      schedule: { ...schedule, jitterMs, jitterSeed },
      shiftMs: jitterOffsetMs({ jitterMs, jitterSeed }),
      how: 'jitter' as const,
    }));
}
