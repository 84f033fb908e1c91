import { type CauseRule, lasting, openRun, since } from '../cause.ts';
import { runningRun } from './overlap.ts';

/** Nothing is wrong: its next tick counts from the end of the run that is going. */
export const waitsForEnd: CauseRule = {
  find: ({ afterEnd, running, job, isAboutRun, everythingPaused }) => {
    const tick = afterEnd?.tick ?? null;
    if (afterEnd === null || tick === null || tick.startedMs === null || !tick.isRunning)
      return null;
    if (isAboutRun || job.paused !== null || everythingPaused !== null) return null;
    const going = running.find(({ runId }) => runId === tick.runId);
    return {
      tone: 'fine',
      values: {
        id: tick.runId,
        elapsed: since(tick.startedMs),
        every: lasting(afterEnd.everyMs),
      },
      evidence: going ? [runningRun(going)] : [],
      actions: [openRun(tick.runId)],
    };
  },
};
