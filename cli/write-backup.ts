import { createWriteStream } from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { authorize } from '#core/auth/permissions.ts';
import { BackupProblem } from '#core/backup/backup-file.ts';
import { recordBackup } from '#core/backup/record.ts';
import { type BackupSummary, takeBackup } from '#core/backup/take-backup.ts';
import { CommandProblem, EXIT, inInstallation } from './installation.ts';

export type BackupOptions = { as?: string; json?: boolean };

/** Writes a backup to a file that didn't exist before: the whole of it appears, or nothing. */
export async function writeBackup(file: string, options: BackupOptions): Promise<void> {
  await inInstallation(options, async ({ actor, directUrl }) => {
    authorize(actor, 'installation:backup');
    const summary = await written(directUrl, path.resolve(file));
    await recordBackup(actor, 'installation.backup', summary);
    const bytes = (await stat(file)).size;
    const rows = Object.values(summary.rows).reduce((sum, each) => sum + each, 0);
    console.log(
      options.json
        ? JSON.stringify({ file, bytes, takenAt: summary.takenAt, rows: summary.rows })
        : `Wrote ${rows.toLocaleString('en')} rows to ${file} (${(bytes / 1e6).toFixed(1)} MB), as they were at ` +
            `${summary.takenAt.toISOString()}. It holds hashes of passwords and all that jobs say: keep it as safe as ` +
            'the database itself.',
    );
    return EXIT.yes;
  });
}

async function written(directUrl: string, file: string): Promise<BackupSummary> {
  const part = `${file}.part-${process.pid}`;
  let summary: BackupSummary | null = null;
  try {
    const handle = await open(part, 'wx', 0o600);
    await pipeline(
      takeBackup(directUrl, (end) => (summary = end)),
      createGzip({ level: 3 }),
      createWriteStream('', { fd: handle.fd, autoClose: false }),
    );
    await handle.sync();
    await handle.close();
    // A link, unlike a new name, never takes the place of a file that is there.
    await link(part, file);
    return summary!;
  } catch (error) {
    throw wordedProblem(error, file) ?? error;
  } finally {
    await rm(part, { force: true });
  }
}

/** A sentence for what goes wrong with files and backups; null for anything else. */
export function wordedProblem(error: unknown, file: string): CommandProblem | null {
  if (error instanceof BackupProblem) return new CommandProblem(error.message, { cause: error });
  const words: Record<string, string> = {
    EEXIST: `${file} exists already. Name a file that doesn’t.`,
    ENOENT: `There is no such place: ${file}.`,
    EACCES: `This user may not use ${file}.`,
    EISDIR: `${file} is a folder. Name a file.`,
    ENOSPC: `There is no room left where ${file} stands.`,
    Z_DATA_ERROR: `${file} is no backup of Punctual: it isn’t packed by gzip, or was changed.`,
    Z_BUF_ERROR: `${file} ends too early. Take another backup.`,
  };
  const message = words[String((error as NodeJS.ErrnoException | null)?.code)];
  return message === undefined ? null : new CommandProblem(message, { cause: error });
}
