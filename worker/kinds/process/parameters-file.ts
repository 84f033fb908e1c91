import { rename, writeFile } from 'node:fs/promises';
import type { ParameterValues } from '#core/jobs/parameters.ts';
import type { LogSink, ParameterChange, ParameterFeed } from '../kind.ts';
import type { AttemptFolder } from './attempt-folder.ts';
import { send } from './family.ts';

// SIGHUP ends a process that hasn't said yet what it does at it. An interpreter has started by then.
const SETTLED_AFTER_MS = 1_000;

/** The file is complete at any moment: whoever reads it sees the values before or after. */
export async function writeParameters(
  folder: AttemptFolder,
  parameters: ParameterValues,
): Promise<void> {
  const next = `${folder.parameters}.next`;
  await writeFile(next, `${JSON.stringify(parameters, null, 2)}\n`, { mode: 0o600 });
  await rename(next, folder.parameters);
}

/**
 * Rewrites the file and sends SIGHUP at each change of parameters: to the process itself and not to what it started,
 * which knows nothing of the file. Of changes that follow each other at once the last counts.
 *
 * @returns ends it; nothing is written or sent afterwards
 */
export function followParameters(
  feed: ParameterFeed,
  pid: number,
  folder: AttemptFolder,
  log: Pick<LogSink, 'note'>,
): () => Promise<void> {
  let latest: ParameterChange | null = null;
  let isOver = false;
  let giving = Promise.resolve();
  let isSettled = false;
  const timer = setTimeout(() => {
    isSettled = true;
    give();
  }, SETTLED_AFTER_MS);
  feed.listen((change) => {
    latest = change;
    if (isSettled) give();
  });
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await giving;
  };

  function give(): void {
    giving = giving.then(async () => {
      const change = latest;
      latest = null;
      if (change === null || isOver) return;
      const words = `The parameters of revision ${change.revision}`;
      try {
        await writeParameters(folder, change.parameters);
      } catch (error) {
        log.note(`${words} could not be written: ${String(error)}`);
        return;
      }
      if (!isOver && send(pid, 'SIGHUP')) log.note(`${words} were given, SIGHUP sent.`);
    });
  }
}
