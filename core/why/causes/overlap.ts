import {
  at,
  type CauseRule,
  editJob,
  iso,
  lasting,
  openRun,
  since,
  type WhyAction,
  type WhyEvidence,
} from '../cause.ts';
import { expectedEndMs } from '../estimate.ts';
import { isDue, type RunningRun } from '../snapshot.ts';

/** A run of the job that is going, or comes first, keeps this one back. */
export const overlap: CauseRule = {
  find: (snapshot) => {
    const { before, needs, running, nowMs } = snapshot;
    if (!isDue(snapshot) || needs.overlap === 'allow' || before === null) return null;
    const going = running.find(({ runId }) => runId === before.runId);
    const endMs = going ? expectedEndMs(going, nowMs) : null;
    return {
      tone: 'waits',
      values: {
        id: before.runId,
        state: before.isRunning ? 'running' : before.attempt > 0 ? 'retrying' : 'waiting',
        elapsed: since(before.sinceMs),
      },
      evidence: [
        ...(going ? [runningRun(going)] : [waitingRun(before.runId, before.sinceMs)]),
        { key: 'overlap_rule', values: { rule: needs.overlap } },
      ],
      actions: [
        openRun(before.runId),
        ...(before.isRunning ? [cancelRun(before.runId)] : []),
        editJob(snapshot),
      ],
      startsAt: endMs === null ? null : iso(endMs),
    };
  },
};

/** Under `skip` nothing waits: its ticks are dropped as long as a run is going. */
export const overlapSkips: CauseRule = {
  find: (snapshot) => {
    const { running, ended, needs, isAboutRun, nextFireMs } = snapshot;
    const [longest] = running;
    if (isAboutRun || needs.overlap !== 'skip' || longest === undefined) return null;
    const skipped = ended.filter(
      ({ skipReason, finishedAtMs }) => skipReason === 'overlap' && finishedAtMs >= longest.sinceMs,
    );
    const [last] = skipped;
    if (last === undefined) return null;
    return {
      tone: 'tells',
      values: { id: longest.runId, elapsed: since(longest.sinceMs), ticks: skipped.length },
      evidence: [
        runningRun(longest),
        {
          key: 'skipped_so_far',
          values: { ticks: skipped.length, last: at(last.scheduledForMs) },
          link: { to: 'job_ledger', key: snapshot.job.key },
        },
        { key: 'overlap_rule', values: { rule: needs.overlap } },
      ],
      actions: [openRun(longest.runId), cancelRun(longest.runId), editJob(snapshot)],
      startsAt: nextFireMs === null ? null : iso(nextFireMs),
    };
  },
};

export const maxParallel: CauseRule = {
  find: (snapshot) => {
    const { needs, running, runningCount, nowMs } = snapshot;
    if (!isDue(snapshot) || needs.overlap !== 'allow' || needs.maxParallel === null) return null;
    if (runningCount < needs.maxParallel) return null;
    const ends = running.map((run) => expectedEndMs(run, nowMs)).filter((end) => end !== null);
    const isAllKnown = ends.length === runningCount && ends.length > 0;
    return {
      tone: 'waits',
      values: { running: runningCount, limit: needs.maxParallel },
      evidence: running.map(runningRun),
      actions: [...running.slice(0, 1).map(({ runId }) => openRun(runId)), editJob(snapshot)],
      startsAt: isAllKnown ? iso(Math.min(...ends)) : null,
    };
  },
};

/** It runs as it should: nothing is in its way. */
export const running: CauseRule = {
  find: (snapshot) => {
    const [longest] = snapshot.running;
    if (longest === undefined || isDue(snapshot)) return null;
    if (snapshot.isAboutRun && snapshot.run?.state !== 'running') return null;
    return {
      tone: 'fine',
      values: {
        id: longest.runId,
        elapsed: since(longest.sinceMs),
        count: snapshot.runningCount,
      },
      evidence: snapshot.running.map(runningRun),
      actions: snapshot.isAboutRun ? [] : [openRun(longest.runId)],
    };
  },
};

export function runningRun(run: RunningRun): WhyEvidence {
  if (run.isOfOther) return { key: 'other_run', values: { elapsed: since(run.sinceMs) } };
  return {
    key: 'running_run',
    values: {
      id: run.runId,
      job: run.jobKey,
      elapsed: since(run.sinceMs),
      hasUsual: String(run.usualMs !== null),
      usual: lasting(run.usualMs ?? 0),
    },
    link: { to: 'run', id: run.runId },
  };
}

export const cancelRun = (runId: number): WhyAction => ({
  key: 'cancel_run',
  values: { id: runId },
  runId,
});

function waitingRun(runId: number, sinceMs: number): WhyEvidence {
  return {
    key: 'waiting_run',
    values: { id: runId, due: at(sinceMs) },
    link: { to: 'run', id: runId },
  };
}
