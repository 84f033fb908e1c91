import type { RunState } from '../runs/states.ts';

/** How a job is, in one word. `failing`: its last finished run ended badly. */
export const JOB_STATES = [
  'failing',
  'overdue',
  'running',
  'paused',
  'healthy',
  'never_ran',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A run that is due for so long and hasn't started, and isn't held, makes its job overdue. */
export const OVERDUE_AFTER_MS = 30_000;
/** Or its next tick passed so long ago and nobody planned it. */
export const UNPLANNED_AFTER_MS = 60_000;

/** Bad ends; a skipped or cancelled run says nothing of how a job does. */
export const BAD_STATES = ['failed', 'timed_out', 'lost'] as const satisfies RunState[];

export function isBad(state: RunState): state is (typeof BAD_STATES)[number] {
  return (BAD_STATES as readonly RunState[]).includes(state);
}

export type FailingStreak = {
  /** scheduledFor of its first run. */
  since: string;
  runs: number;
  /** It may be longer: more runs weren't looked at. */
  isMore: boolean;
};

/** How many of the latest finished runs ended badly in a row. Runs are newest first. */
export function failingStreak(
  runs: readonly { state: RunState; scheduledFor: Date }[],
  isAll: boolean,
): FailingStreak | null {
  const telling = runs.filter(({ state }) => state === 'succeeded' || isBad(state));
  const firstGood = telling.findIndex(({ state }) => state === 'succeeded');
  const bad = firstGood === -1 ? telling : telling.slice(0, firstGood);
  const first = bad.at(-1);
  if (!first) return null;
  return {
    since: first.scheduledFor.toISOString(),
    runs: bad.length,
    isMore: firstGood === -1 && !isAll,
  };
}
