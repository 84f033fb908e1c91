import { type CauseRule, editJob, list, openSecrets, openWorkers } from '../cause.ts';
import { executesKind, hasLabels, isAlive, opensSecrets, servesQueue } from '../snapshot.ts';
import { wantsWorker } from './workers.ts';

const MOST_NAMED = 5;

/** It uses a secret that was deleted, or limited to others: each of its runs fails. */
export const secretMissing: CauseRule = {
  find: (snapshot) => {
    const { secretsOut } = snapshot;
    if (secretsOut.length === 0 || !wantsWorker(snapshot)) return null;
    return {
      tone: 'stops',
      values: { secrets: list(secretsOut.map(({ name }) => name)), count: secretsOut.length },
      evidence: secretsOut.slice(0, MOST_NAMED).map(({ name, is }) => ({
        key: 'secret',
        values: { name, is },
        link: { to: 'secrets' },
      })),
      actions: [openSecrets, editJob(snapshot)],
    };
  },
};

/** Workers would take it, and none has the key that its secrets were sealed with. */
export const secretKeyWrong: CauseRule = {
  find: (snapshot) => {
    const { workers, needs } = snapshot;
    const others = workers.filter(
      (worker) =>
        isAlive(worker) &&
        servesQueue(worker, needs) &&
        executesKind(worker, needs) &&
        hasLabels(worker, needs),
    );
    if (!wantsWorker(snapshot) || others.length === 0) return null;
    if (others.some((worker) => opensSecrets(worker, needs))) return null;
    return {
      tone: 'stops',
      values: { workers: others.length, worker: others[0]!.name },
      evidence: others.slice(0, MOST_NAMED).map(({ name, secretKeys }) => ({
        key: 'worker_key',
        values: { worker: name, hasAny: String(secretKeys.length > 0) },
        link: { to: 'workers' },
      })),
      actions: [openSecrets, openWorkers],
    };
  },
};
