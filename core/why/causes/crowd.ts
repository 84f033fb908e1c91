import {
  at,
  type CauseRule,
  editJob,
  iso,
  lasting,
  openQueues,
  openWorkers,
  type WhyAction,
} from '../cause.ts';
import { startAfter } from '../../queues/rate.ts';
import { estimateStartMs } from '../estimate.ts';
import {
  isDue,
  type RunningRun,
  takesRuns,
  type WhySnapshot,
  workersThatFit,
} from '../snapshot.ts';
import { cancelRun, runningRun } from './overlap.ts';

const MOST_NAMED = 5;

/** As many run as the queue allows. */
export const queueFull: CauseRule = {
  find: (snapshot) => {
    const { queue, crowd } = snapshot;
    if (!isFull(snapshot) || crowd === null) return null;
    return {
      tone: 'waits',
      values: { queue: queue.name, running: queue.running, limit: queue.maxRunning },
      evidence: [
        {
          key: 'queue_slots',
          values: { running: queue.running, limit: queue.maxRunning },
          link: { to: 'queues' },
        },
        ...crowd.inQueue.slice(0, MOST_NAMED).map(runningRun),
      ],
      actions: [...longestOf(crowd.inQueue), openQueues],
      startsAt: startsAt(snapshot, crowd.inQueue, queue.maxRunning, queue.running),
    };
  },
  fine: ({ queue }) => ({ queue: queue.name, running: queue.running, limit: queue.maxRunning }),
};

/** As many of the queue have started lately as its rate allows. */
export const rateReached: CauseRule = {
  find: (snapshot) => {
    const { queue, crowd, nowMs } = snapshot;
    const { rate } = queue;
    if (rate === null || crowd === null || !isDue(snapshot)) return null;
    const startsMs = startAfter(rate, rate.log, crowd.ahead, nowMs);
    if (startsMs <= nowMs) return null;
    const values = { starts: rate.starts, per: lasting(rate.perMs) };
    return {
      tone: 'waits',
      values: { queue: queue.name, ...values, next: at(startsMs) },
      evidence: [
        { key: 'queue_rate', values, link: { to: 'queues' } },
        {
          key: 'place_in_line',
          values: { place: crowd.ahead + 1, byPriority: crowd.aheadByPriority },
          link: { to: 'queues' },
        },
      ],
      actions: [openQueues],
      startsAt: iso(startsMs),
    };
  },
};

/** Every slot of the workers that could take it is in use. */
export const slotsBusy: CauseRule = {
  find: (snapshot) => {
    const { crowd } = snapshot;
    if (!isBusy(snapshot) || crowd === null) return null;
    const { workers, slots, used } = slotsOf(snapshot);
    return {
      tone: 'waits',
      values: { workers, slots },
      evidence: [
        {
          key: 'worker_slots',
          values: { used, slots, workers },
          link: { to: 'workers' },
        },
        ...crowd.onWorkers.slice(0, MOST_NAMED).map(runningRun),
      ],
      actions: [...longestOf(crowd.onWorkers), openWorkers],
      startsAt: startsAt(snapshot, crowd.onWorkers, slots, used),
    };
  },
  fine: (snapshot) => {
    const { workers, slots, used } = slotsOf(snapshot);
    return workers === 0 ? null : { free: Math.max(0, slots - used), slots };
  },
};

/** There is no room for all, and others come first. */
export const othersFirst: CauseRule = {
  find: (snapshot) => {
    const { crowd, queue, needs } = snapshot;
    if (crowd === null || crowd.ahead === 0 || !(isFull(snapshot) || isBusy(snapshot))) return null;
    return {
      tone: 'waits',
      values: {
        queue: queue.name,
        ahead: crowd.ahead,
        byPriority: crowd.aheadByPriority,
        priority: needs.priority,
      },
      evidence: [
        {
          key: 'place_in_line',
          values: { place: crowd.ahead + 1, byPriority: crowd.aheadByPriority },
          link: { to: 'queues' },
        },
      ],
      actions: crowd.aheadByPriority > 0 ? [editJob(snapshot), openQueues] : [openQueues],
    };
  },
};

const isFull = (snapshot: WhySnapshot) =>
  isDue(snapshot) && snapshot.queue.running >= snapshot.queue.maxRunning;

function isBusy(snapshot: WhySnapshot): boolean {
  const { workers, slots, used } = slotsOf(snapshot);
  return isDue(snapshot) && workers > 0 && used >= slots;
}

/** Of the workers that take runs and fit. One that runs more than its slots uses no more of the others'. */
function slotsOf(snapshot: WhySnapshot): { workers: number; slots: number; used: number } {
  const fit = workersThatFit(snapshot).filter(takesRuns);
  return {
    workers: fit.length,
    slots: fit.reduce((sum, { slots }) => sum + slots, 0),
    used: fit.reduce((sum, { slots, running }) => sum + Math.min(slots, running), 0),
  };
}

function startsAt(
  { nowMs, crowd }: WhySnapshot,
  running: readonly RunningRun[],
  slots: number,
  runningInAll: number,
): string | null {
  // Of a crowd that is only partly known nothing can be told.
  if (crowd === null || running.length < runningInAll) return null;
  if (crowd.aheadUsualMs.length < crowd.ahead) return null;
  const startMs = estimateStartMs({ nowMs, slots, running, aheadUsualMs: crowd.aheadUsualMs });
  return startMs === null ? null : iso(startMs);
}

function longestOf([longest]: readonly RunningRun[]): WhyAction[] {
  if (longest === undefined || longest.isOfOther) return [];
  return [
    {
      key: 'open_run',
      values: { id: longest.runId },
      link: { to: 'run', id: longest.runId },
    },
    cancelRun(longest.runId),
  ];
}
