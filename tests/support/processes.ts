import { folderPrefixOf, spawnerTagOf } from '#worker/kinds/process/attempt-folder.ts';
import { listProcesses } from '#worker/kinds/process/snapshot.ts';
import { taggedFamily } from '#worker/kinds/process/tagged.ts';

/** Pids of all that the runs of a worker process have started and that still lives, wherever it has got to. */
export async function processesOfWorker(workerPid: number): Promise<number[]> {
  const family = taggedFamily(await listProcesses(), folderPrefixOf(workerPid));
  const spawner = spawnerTagOf(workerPid);
  return family
    .filter(({ isZombie, tag }) => !isZombie && !tag?.startsWith(spawner))
    .map(({ pid }) => pid);
}
