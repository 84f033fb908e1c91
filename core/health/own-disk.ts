import { readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../environment.ts';

/**
 * Bytes that may still be written to the disk of the embedded database; null where the database isn't the embedded one
 * of this host: then only PostgreSQL knows its disk, and doesn't say.
 */
export async function readFreeBytes(
  environment: Pick<Environment, 'DATABASE_URL' | 'PUNCTUAL_DATA_DIR'>,
): Promise<number | null> {
  const folder = await embeddedFolder(environment);
  if (folder === null) return null;
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** The folder of the embedded server that the address leads to; its lock file names the port in the fourth line. */
export async function embeddedFolder({
  DATABASE_URL: url,
  PUNCTUAL_DATA_DIR: data,
}: Pick<Environment, 'DATABASE_URL' | 'PUNCTUAL_DATA_DIR'>): Promise<string | null> {
  const { hostname, port } = new URL(url);
  if (hostname !== '127.0.0.1') return null;
  const folder = path.resolve(/* turbopackIgnore: true */ data, 'postgres');
  try {
    const lock = await readFile(path.join(folder, 'postmaster.pid'), 'utf8');
    return lock.split('\n')[3] === port ? folder : null;
  } catch {
    return null;
  }
}
