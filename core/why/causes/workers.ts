import {
  at,
  type CauseRule,
  editJob,
  list,
  openWorkers,
  since,
  startWorker,
  type WhyAction,
  type WhyEvidence,
} from '../cause.ts';
import {
  executesKind,
  hasLabels,
  isAlive,
  servesQueue,
  takesRuns,
  type WhySnapshot,
  workersThatFit,
  type WorkerOfSnapshot,
} from '../snapshot.ts';

const MOST_NAMED = 5;

export const noWorker: CauseRule = {
  find: (snapshot) => {
    const { workers, lastWorker } = snapshot;
    if (!wantsWorker(snapshot) || workers.some(isAlive)) return null;
    const last: WhyEvidence[] = lastWorker
      ? [
          {
            key: 'last_worker',
            values: {
              worker: lastWorker.name,
              heardAt: at(lastWorker.heardAtMs),
              elapsed: since(lastWorker.heardAtMs),
            },
            link: { to: 'workers' },
          },
        ]
      : [];
    return { tone: 'stops', values: {}, evidence: last, actions: [startWorker, openWorkers] };
  },
  fine: (snapshot) => {
    const alive = snapshot.workers.filter(isAlive);
    const fit = workersThatFit(snapshot).filter(takesRuns);
    return fit.length === 0 ? null : { fit: fit.length, alive: alive.length };
  },
};

export const kindOff: CauseRule = {
  find: (snapshot) =>
    lacking(snapshot, executesKind, (worker) => worker.kinds, 'worker_kinds', {
      kind: snapshot.needs.kind,
    }),
};

export const queueUnserved: CauseRule = {
  find: (snapshot) =>
    lacking(snapshot, servesQueue, (worker) => worker.queues, 'worker_queues', {
      queue: snapshot.needs.queue,
    }),
};

export const labelsUnserved: CauseRule = {
  find: (snapshot) =>
    lacking(snapshot, hasLabels, (worker) => labelsOf(worker.labels), 'worker_labels', {
      labels: list(labelsOf(snapshot.needs.runsOn)),
    }),
};

/** Each thing is offered by some worker, and all of them together by none. */
export const noneFits: CauseRule = {
  find: (snapshot) => {
    const { workers, needs } = snapshot;
    const alive = workers.filter(isAlive);
    const offers = [executesKind, servesQueue, hasLabels];
    if (!wantsWorker(snapshot) || alive.length === 0 || workersThatFit(snapshot).length > 0) {
      return null;
    }
    if (offers.some((offer) => !alive.some((worker) => offer(worker, needs)))) return null;
    // A worker with everything but the key: that is said by itself.
    if (alive.some((worker) => offers.every((offer) => offer(worker, needs)))) return null;
    return {
      tone: 'stops',
      values: {
        kind: needs.kind,
        queue: needs.queue,
        labels: list(labelsOf(needs.runsOn)),
        hasLabels: String(Object.keys(needs.runsOn).length > 0),
      },
      evidence: alive.slice(0, MOST_NAMED).map((worker) => ({
        key: 'worker_lacks',
        values: {
          worker: worker.name,
          lacks: list([
            ...(servesQueue(worker, needs) ? [] : [needs.queue]),
            ...(executesKind(worker, needs) ? [] : [needs.kind]),
            ...(hasLabels(worker, needs) ? [] : labelsOf(needs.runsOn)),
          ]),
        },
        link: { to: 'workers' },
      })),
      actions: [editJob(snapshot), openWorkers],
    };
  },
};

export const draining: CauseRule = {
  find: (snapshot) => {
    const fit = workersThatFit(snapshot);
    if (!wantsWorker(snapshot) || fit.length === 0 || fit.some(takesRuns)) return null;
    const asked = fit.filter(({ drainRequestedBy }) => drainRequestedBy !== null);
    return {
      tone: 'stops',
      values: { workers: fit.length, worker: fit[0]?.name ?? '' },
      evidence: fit.slice(0, MOST_NAMED).map((worker) => ({
        key: 'worker_drains',
        values: {
          worker: worker.name,
          hasAsker: String(worker.drainRequestedBy !== null),
          by: worker.drainRequestedBy ?? '',
          running: worker.running,
        },
        link: { to: 'workers' },
      })),
      actions: [
        ...asked.slice(0, 1).map(({ id, name }): WhyAction => ({
          key: 'undrain_worker',
          values: { worker: name },
          workerId: id,
        })),
        ...(asked.length === 0 ? [startWorker] : []),
        openWorkers,
      ],
    };
  },
};

type Offer = (worker: WorkerOfSnapshot, needs: WhySnapshot['needs']) => boolean;

/** None of the workers that are alive offers it, whatever else they offer. */
function lacking(
  snapshot: WhySnapshot,
  offers: Offer,
  offered: (worker: WorkerOfSnapshot) => readonly string[],
  evidenceKey: WhyEvidence['key'],
  values: WhyEvidence['values'],
): ReturnType<CauseRule['find']> {
  const alive = snapshot.workers.filter(isAlive);
  if (!wantsWorker(snapshot) || alive.length === 0) return null;
  if (alive.some((worker) => offers(worker, snapshot.needs))) return null;
  return {
    tone: 'stops',
    values: { ...values, workers: alive.length },
    evidence: alive.slice(0, MOST_NAMED).map((worker) => ({
      key: evidenceKey,
      values: {
        worker: worker.name,
        hasAny: String(offered(worker).length > 0),
        offers: list(offered(worker)),
      },
      link: { to: 'workers' },
    })),
    actions: [editJob(snapshot), openWorkers],
  };
}

/** Something is still to be started: the run that was asked for, or the next one of the job. */
export const wantsWorker = ({ run, isAboutRun, job }: WhySnapshot) =>
  job.deletedAtMs === null && (!isAboutRun || run?.state === 'queued');

const labelsOf = (labels: Record<string, string>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
