import { countFires } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import type { PauseStretch } from './resume-answer.ts';

/** How many ticks fell into the stretches of a pause: counted, never listed. */
export function countStretches(
  stretches: readonly (PauseStretch & { ticks?: number | null })[],
): number {
  return stretches.reduce((sum, stretch) => sum + (stretch.ticks ?? ticksIn(stretch)), 0);
}

function ticksIn({ from, to, savedSchedule }: PauseStretch): number {
  const schedule = savedFires(savedSchedule);
  if (!schedule) return 0;
  return countFires(schedule, new Date(from.getTime() - 1), new Date(to.getTime() - 1));
}
