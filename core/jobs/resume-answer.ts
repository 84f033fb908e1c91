import { z } from 'zod';
import { fires, nextFire } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import { MOST_OF_A_JOB } from './answer-limits.ts';

const spreadMinutes = z
  .int('Give whole minutes.')
  .min(0, 'Spread over 0 to 1,440 minutes.')
  .max(1_440, 'Spread over 0 to 1,440 minutes.')
  .default(0);

const Skip = z.object({ rule: z.literal('skip') });
const Latest = z.object({ rule: z.literal('latest'), spreadMinutes });
const All = z.object({ rule: z.literal('all'), spreadMinutes });
const Pick = z.object({
  rule: z.literal('pick'),
  /** Ticks of the pause, ISO 8601. */
  at: z
    .array(z.iso.datetime({ offset: true, error: 'Give an instant such as 2026-03-09T00:00:00Z.' }))
    .min(1, 'Pick at least one occurrence, or skip all.')
    .max(MOST_OF_A_JOB, `Pick at most ${MOST_OF_A_JOB} occurrences at once.`),
  spreadMinutes,
});

/** What runs of the ticks that fell into a pause, when it ends. */
export const ResumeAnswer = z.discriminatedUnion('rule', [Skip, Latest, All, Pick]);
export type ResumeAnswer = z.output<typeof ResumeAnswer>;

/** An answer given ahead of time, for a pause that ends by itself: nobody is there to pick. */
export const StandingAnswer = z.discriminatedUnion('rule', [Skip, Latest, All]);
export type StandingAnswer = z.output<typeof StandingAnswer>;

/** Nothing that a person stopped starts because somebody pressed Enter. */
export const SKIP_ALL: StandingAnswer = { rule: 'skip' };

/** A stretch of a pause under one revision, [from, to). */
export type PauseStretch = { from: Date; to: Date; savedSchedule: unknown };

/**
 * The ticks in the stretches (in order) that an answer runs, oldest first. `most + 1` of them say that there are more
 * than may run; whatever the length of the pause, no more are made.
 * @param madeUp instants, in ms, that a run has seen to or will: only picking runs one of them again
 * @throws NoTickOfPause where a picked instant isn't one
 */
export function ticksToRun(
  stretches: readonly PauseStretch[],
  answer: ResumeAnswer,
  madeUp: ReadonlySet<number> = new Set(),
): Date[] {
  switch (answer.rule) {
    case 'skip':
      return [];
    case 'latest':
      // Where the latest is made up for the job is up to date, and nothing older runs after it.
      return latestTicks(stretches, null, 1).filter((at) => !madeUp.has(at.getTime()));
    case 'all':
      return firstTicks(stretches, MOST_OF_A_JOB + 1, madeUp);
    case 'pick':
      return pickedTicks(stretches, answer.at);
  }
}

/** The last `most` ticks in the stretches before an instant, newest first; found from the end. */
export function latestTicks(
  stretches: readonly PauseStretch[],
  before: Date | null,
  most: number,
): Date[] {
  const found: Date[] = [];
  for (const { from, to, savedSchedule } of stretches.toReversed()) {
    const schedule = savedFires(savedSchedule);
    if (!schedule) continue;
    let untilMs = Math.min(to.getTime(), before?.getTime() ?? Number.POSITIVE_INFINITY) - 1;
    while (found.length < most) {
      const ms = schedule.latest(from.getTime() - 1, untilMs);
      if (ms === null) break;
      found.push(new Date(ms));
      untilMs = ms - 1;
    }
  }
  return found;
}

function firstTicks(
  stretches: readonly PauseStretch[],
  most: number,
  madeUp: ReadonlySet<number>,
): Date[] {
  const found: Date[] = [];
  for (const { from, to, savedSchedule } of stretches) {
    const schedule = savedFires(savedSchedule);
    if (!schedule) continue;
    for (const { at } of fires(schedule, { after: justBefore(from), until: justBefore(to) })) {
      if (found.length >= most) return found;
      if (!madeUp.has(at.getTime())) found.push(at);
    }
  }
  return found;
}

/** An instant that somebody picked is no tick of the pause: the schedule or the pause changed meanwhile. */
export class NoTickOfPause extends Error {
  override name = 'NoTickOfPause';
}

function pickedTicks(stretches: readonly PauseStretch[], picked: readonly string[]): Date[] {
  const instants = [...new Set(picked.map((at) => Date.parse(at)))].toSorted((a, b) => a - b);
  return instants.map((ms) => {
    const at = new Date(ms);
    const stretch = stretches.find(({ from, to }) => from <= at && at < to);
    const schedule = stretch && savedFires(stretch.savedSchedule);
    if (schedule && nextFire(schedule, justBefore(at))?.at.getTime() === ms) return at;
    throw new NoTickOfPause(at.toISOString());
  });
}

const justBefore = (instant: Date) => new Date(instant.getTime() - 1);
