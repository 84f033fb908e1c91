import path from 'node:path';
import { type Lock, takeLock } from './lock.ts';
import { StartError } from './start-error.ts';

/** @throws StartError when another process works on the data folder */
export async function lockFolder(folder: string): Promise<Lock> {
  const taken = await takeLock(path.join(folder, 'lock'));
  if (taken.ok) return taken.lock;
  const { pid, host, address } = taken.holder;
  throw new StartError(
    `Punctual runs on ${folder} already: process ${pid} on ${host}` +
      `${address ? `, ${address}` : ', still starting'}. ` +
      'Open that one, or end it, or set PUNCTUAL_DATA_DIR to another folder for a second one.',
  );
}
