import {
  at,
  type CauseRule,
  editJob,
  iso,
  lasting,
  openQueues,
  openRun,
  triggerJob,
  type WhyAction,
} from '../cause.ts';
import { isDue, type WhySnapshot } from '../snapshot.ts';
import type { SkipReason } from '../../runs/states.ts';

/** An attempt went wrong, and the rule says when the next one starts. */
export const retryWaits: CauseRule = {
  find: (snapshot) => {
    const { run, nowMs, isAboutRun } = snapshot;
    if (run === null || run.state !== 'queued' || run.attempt === 0 || run.dueAtMs <= nowMs) {
      return null;
    }
    return {
      tone: 'waits',
      values: {
        id: run.id,
        attempt: run.attempt,
        next: run.attempt + 1,
        due: at(run.dueAtMs),
        until: lasting(run.dueAtMs - nowMs),
      },
      evidence: [
        {
          key: 'retry',
          values: { attempt: run.attempt, id: run.id },
          link: { to: 'run', id: run.id },
        },
      ],
      actions: [...(isAboutRun ? [] : [openRun(run.id)]), editJob(snapshot)],
      startsAt: iso(run.dueAtMs),
    };
  },
};

export const skippedLate = skipped('late', (snapshot) => [triggerJob(snapshot), editJob(snapshot)]);
export const skippedQueueFull = skipped('queue_full', () => [openQueues]);
export const skippedOverlap = skipped('overlap', (snapshot) => [editJob(snapshot)]);
export const skippedSuperseded = skipped('superseded', (snapshot) => [editJob(snapshot)]);

/** The run that was asked for, or the job's last tick, was skipped for this reason. */
function skipped(
  reason: SkipReason,
  actions: (snapshot: WhySnapshot) => readonly WhyAction[],
): CauseRule {
  return {
    find: (snapshot) => {
      const { job, needs, queue } = snapshot;
      const last = lastOccurrence(snapshot);
      if (last === null || last.skipReason !== reason) return null;
      return {
        tone: 'tells',
        values: {
          tick: at(last.scheduledForMs),
          deadline: lasting(job.startDeadlineMs),
          queue: needs.queue,
          limit: queue.maxWaiting,
        },
        evidence: [
          {
            key: 'skipped_run',
            values: { id: last.runId, tick: at(last.scheduledForMs) },
            link: { to: 'run', id: last.runId },
          },
        ],
        actions: [...actions(snapshot)],
      };
    },
  };
}

export const missed: CauseRule = {
  find: ({ missed: gap, ended, isAboutRun, job }) => {
    const lastTick = ended.find(({ isTick }) => isTick);
    if (isAboutRun || gap === null || gap.toMs <= (lastTick?.scheduledForMs ?? 0)) return null;
    return {
      tone: 'tells',
      values: {
        ticks: gap.ticks ?? 0,
        isCounted: String(gap.ticks !== null),
        hasNote: String(gap.note !== ''),
        note: gap.note,
        from: at(gap.fromMs),
        to: at(gap.toMs),
      },
      evidence: [
        {
          key: 'missed_gap',
          values: { from: at(gap.fromMs), to: at(gap.toMs) },
          link: { to: 'job_ledger', key: job.key },
        },
      ],
      actions: [{ key: 'open_ledger', values: {}, link: { to: 'job_ledger', key: job.key } }],
    };
  },
};

/** Nothing stands in its way: a worker takes it in a moment. */
export const aboutToStart: CauseRule = {
  find: (snapshot, earlier) => {
    if (!isDue(snapshot)) return null;
    if (earlier.some(({ tone }) => tone === 'stops' || tone === 'waits')) return null;
    return {
      tone: 'fine',
      values: {},
      evidence: [],
      actions: [],
      startsAt: iso(snapshot.nowMs),
    };
  },
};

/** The run that was asked about is over. */
export const runEnded: CauseRule = {
  find: ({ run, isAboutRun }) => {
    if (!isAboutRun || run === null || run.finishedAtMs === null || run.skipReason !== null) {
      return null;
    }
    return {
      tone: 'fine',
      values: { id: run.id, state: run.state, finished: at(run.finishedAtMs) },
      evidence: [],
      actions: [],
    };
  },
};

export function lastOccurrence({ run, isAboutRun, ended }: WhySnapshot) {
  if (!isAboutRun) return ended.find(({ isTick }) => isTick) ?? null;
  if (run === null || run.finishedAtMs === null) return null;
  return { runId: run.id, skipReason: run.skipReason, scheduledForMs: run.scheduledForMs };
}
