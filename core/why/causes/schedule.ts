import { at, away, type CauseRule, editJob, lasting, openWorkers, triggerJob } from '../cause.ts';
import type { WhySnapshot } from '../snapshot.ts';
import { waitsForBlackout } from './blackout.ts';

/** A planner that is at most this late isn't behind. */
const BEHIND_AFTER_MS = 5_000;

export const scheduleUnreadable: CauseRule = {
  find: (snapshot) => {
    const { job } = snapshot;
    if (!job.hasSchedule || !job.isUnreadable || !asksForTicks(snapshot)) return null;
    return {
      tone: 'stops',
      values: { revision: job.revision },
      evidence: [],
      actions: [editJob(snapshot)],
    };
  },
};

export const manualOnly: CauseRule = {
  find: (snapshot) => {
    if (snapshot.job.hasSchedule || !asksForTicks(snapshot) || isActive(snapshot)) return null;
    return {
      tone: 'fine',
      values: { job: snapshot.job.key },
      evidence: [],
      actions: [triggerJob(snapshot), editJob(snapshot)],
    };
  },
};

export const neverFires: CauseRule = {
  find: (snapshot) => {
    const { job, nextFireMs, ended } = snapshot;
    if (!job.hasSchedule || job.isUnreadable || nextFireMs !== null) return null;
    if (!asksForTicks(snapshot) || isActive(snapshot)) return null;
    const last = ended.find(({ isTick }) => isTick);
    return {
      tone: 'stops',
      values: { hasFired: String(last !== undefined), last: at(last?.scheduledForMs ?? 0) },
      evidence: last
        ? [
            {
              key: 'last_tick',
              values: { tick: at(last.scheduledForMs), state: last.state },
              link: { to: 'run', id: last.runId },
            },
          ]
        : [],
      actions: [editJob(snapshot)],
    };
  },
  fine: ({ job, nextFireMs }) =>
    job.hasSchedule && nextFireMs !== null ? { next: at(nextFireMs) } : null,
};

export const plannerBehind: CauseRule = {
  find: (snapshot) => {
    const { nextTickAtMs, deletedAtMs } = snapshot.job;
    if (!asksForTicks(snapshot) || isPaused(snapshot) || deletedAtMs !== null) return null;
    const behindMs = behind(snapshot);
    if (nextTickAtMs === null || behindMs <= BEHIND_AFTER_MS) return null;
    return {
      tone: 'stops',
      values: { tick: at(nextTickAtMs), behind: lasting(behindMs) },
      evidence: [],
      actions: [openWorkers],
    };
  },
  fine: (snapshot) =>
    snapshot.job.hasSchedule && !isPaused(snapshot) ? { behind: lasting(behind(snapshot)) } : null,
};

/** All is well: it will start by itself, later. */
export const nextTickLater: CauseRule = {
  find: (snapshot) => {
    const { run, nextFireMs, nowMs, job } = snapshot;
    if (isPaused(snapshot) || job.deletedAtMs !== null) return null;
    const isWaitingRun = run !== null && run.state === 'queued';
    if (isWaitingRun && (run.attempt > 0 || run.dueAtMs <= nowMs)) return null;
    if (!isWaitingRun && !asksForTicks(snapshot)) return null;
    // What a blackout or a calendar makes of it is said there.
    if (isWaitingRun ? waitsForBlackout(run, nowMs) : (snapshot.blackout ?? snapshot.leftOut))
      return null;
    const startsMs = isWaitingRun ? run.dueAtMs : nextFireMs;
    if (startsMs === null) return null;
    return {
      tone: 'fine',
      values: { tick: at(startsMs), until: away(startsMs), zone: job.timeZone },
      evidence: [],
      actions: snapshot.isAboutRun ? [] : [triggerJob(snapshot)],
      startsAt: new Date(startsMs).toISOString(),
    };
  },
};

/** The question is about the job, or about a run that hasn't ended. */
const asksForTicks = ({ isAboutRun }: WhySnapshot) => !isAboutRun;

const isPaused = ({ job, everythingPaused }: WhySnapshot) =>
  job.paused !== null || everythingPaused !== null;

const isActive = ({ run, runningCount }: WhySnapshot) =>
  runningCount > 0 || run?.state === 'queued';

const behind = ({ job, nowMs }: WhySnapshot) =>
  job.nextTickAtMs === null ? 0 : Math.max(0, nowMs - job.nextTickAtMs);
