import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../error-code.ts';
import { type ArchivePlace, ArchiveProblem, type StoredObject } from './place.ts';

/** An archive in a folder of this machine, or of a network file system. Files are readable by their owner alone. */
export function folderPlace(root: string): ArchivePlace {
  const fileOf = (key: string) => path.join(root, ...key.split('/'));
  return {
    name: root,
    put: (key, bytes) =>
      worded(root, async () => {
        // Made anew where its disk isn't mounted, it would take the disk's place and fill another one.
        await stat(root);
        await putFile(fileOf(key), bytes);
      }),
    get: (key) => worded(root, () => getFile(fileOf(key))),
    list: (prefix) => worded(root, () => listFiles(root, prefix)),
    remove: (key) => worded(root, () => rm(fileOf(key), { force: true })),
  };
}

async function putFile(file: string, bytes: Buffer): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A name of its own until all of it is on the disk: what has the right name is whole.
  const part = `${file}.part-${randomUUID()}`;
  try {
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

// The name is as durable as the content only once its folder is.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems know no such thing.
    if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function getFile(file: string): Promise<AsyncIterable<Buffer> | null> {
  try {
    const handle = await open(file, 'r');
    return createReadStream('', { fd: handle, highWaterMark: 256 * 1024 });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function listFiles(root: string, prefix: string): Promise<StoredObject[]> {
  // Without it an archive on a disk that isn't mounted would seem to be empty.
  await stat(root);
  const folder = path.join(root, ...prefix.split('/').filter(Boolean));
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        return {
          key: path.relative(root, file).split(path.sep).join('/'),
          bytes: (await stat(file)).size,
        };
      }),
    );
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function worded<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const words: Record<string, string> = {
      ENOENT: `The folder of the archive, ${root}, isn’t there. Make it, or mount the disk that has it.`,
      ENOTDIR: `The archive’s place, ${root}, isn’t a folder.`,
      EACCES: `The user who runs the worker may not use the archive’s folder, ${root}.`,
      EPERM: `The user who runs the worker may not use the archive’s folder, ${root}.`,
      EROFS: `The archive’s folder, ${root}, can only be read.`,
      ENOSPC: `The disk of the archive’s folder, ${root}, is full. Make room there.`,
      EDQUOT: `The disk quota of the archive’s folder, ${root}, is used up. Make room there.`,
      EIO: `The disk of the archive’s folder, ${root}, gives errors.`,
      ESTALE: `The archive’s folder, ${root}, was mounted anew. It is tried again.`,
    };
    const code = errorCode(error);
    if (code === undefined) throw error;
    const said = words[code] ?? `The archive’s folder, ${root}, can’t be used: ${String(error)}.`;
    throw new ArchiveProblem(said, { cause: error });
  }
}
