import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type BackupHeader, BackupProblem, readBackup } from '#core/backup/backup-file.ts';
import { loadBackup } from '#core/backup/load-backup.ts';
import { recordBackup } from '#core/backup/record.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { sqlOf } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { EnvironmentError } from '#core/environment.ts';
import { pauseEverything } from '#core/installation/pause-everything.ts';
import { forgetWaitingMessages } from '#core/messages/messages.sql.ts';
import { closeConnections, webPool } from '#core/prisma.ts';
import { takeBackOpenInvitations } from '#core/users/take-back-links.ts';
import {
  checkForeignCode,
  migrate,
  MigrationError,
  migrationState,
  programMigrations,
} from '#prisma/migrate.ts';
import { CommandProblem, EXIT, machineUser } from './installation.ts';
import { openDataFolder } from './start/data-folder.ts';
import { type Database, startDatabase } from './start/database.ts';
import { lockFolder } from './start/lock-folder.ts';
import { sayOnStandardError } from './start/say.ts';
import { readSettings } from './start/settings.ts';
import { StartError } from './start/start-error.ts';
import { wordedProblem } from './write-backup.ts';

export type RestoreOptions = { run?: boolean; json?: boolean };

/** Puts a backup into the database that the environment names, or into a new embedded one. */
export async function restoreBackup(file: string, options: RestoreOptions): Promise<void> {
  sayOnStandardError();
  try {
    const restored = await inEmptyInstallation((database) => restore(database, file, options));
    console.log(
      options.json
        ? JSON.stringify(restored)
        : `Put back ${sumOf(restored.rows)} rows, as they were at ${restored.takenAt}. ` +
            (restored.isPaused
              ? 'Everything is paused: look at it with `npm start`, then resume in the console.'
              : 'Jobs run as soon as a worker is there.') +
            ' Everybody signs in anew.',
    );
  } catch (error) {
    console.error(problemOf(error, file) ?? error);
    process.exitCode = EXIT.cannot;
  } finally {
    await closeConnections();
  }
}

const sumOf = (rows: Record<string, number>) =>
  Object.values(rows)
    .reduce((sum, each) => sum + each, 0)
    .toLocaleString('en');

/** The database runs for as long as the work goes on; nobody else may start on its folder meanwhile. */
async function inEmptyInstallation<T>(work: (database: Addresses) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env);
  if (!settings.embedded) return work(await startDatabase(settings, ''));
  const folder = openDataFolder(settings.environment.PUNCTUAL_DATA_DIR);
  const lock = await lockFolder(folder);
  try {
    const database = await startDatabase(settings, folder);
    try {
      return await work(database);
    } finally {
      await closeConnections();
      await database.stop();
    }
  } finally {
    await lock.release();
  }
}

type Addresses = Pick<Database, 'url' | 'directUrl' | 'ownerUrl'>;

async function restore(database: Addresses, file: string, options: RestoreOptions) {
  const { url, directUrl, ownerUrl } = database;
  process.env['DATABASE_URL'] = url;
  const unpacked = createReadStream(file).on('error', (error) => unpack.destroy(error));
  const unpack = unpacked.pipe(createGunzip());
  const { header, parts } = await readBackup(unpack);
  await checkForeignCode(ownerUrl, directUrl);
  await makeTables(ownerUrl, header);
  const rows = await loadBackup(ownerUrl, header, parts);
  await migrate(ownerUrl, { applicationUrl: directUrl });
  const actor: Actor = { kind: 'system', name: machineUser() };
  await recordBackup(actor, 'installation.restore', { takenAt: new Date(header.takenAt), rows });
  await takeBackOpenInvitations(actor);
  const isPaused = options.run !== true;
  if (isPaused) {
    // Where it came from may still run: the same jobs would then run twice.
    await forgetWaitingMessages(sqlOf(webPool()));
    await pauseEverything(actor, { reason: `Restored from a backup of ${header.takenAt}.` });
  }
  return { takenAt: header.takenAt, isPaused, rows };
}

/** An empty database gets the tables that the backup was taken from; the rest of the migrations follow its rows. */
async function makeTables(url: string, header: BackupHeader): Promise<void> {
  const known = await programMigrations();
  const unknown = header.migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new BackupProblem(
      `The backup was taken by a newer version of Punctual (it has ${unknown.join(', ')}). Restore it with that version.`,
    );
  }
  const state = await migrationState(url);
  const isEmpty = state.state === 'behind' && state.missing.length === known.length;
  if (isEmpty) await migrate(url, { through: header.migrations.at(-1)! });
}

const NOT_THE_OWNER =
  'The role of DATABASE_URL doesn’t own the tables, so it can’t fill the audit trail. ' +
  'Set PUNCTUAL_OWNER_DATABASE_URL to the owner’s address and restore again. Nothing was changed.';

function problemOf(error: unknown, file: string): string | null {
  if (errorCode(error) === '42501') return NOT_THE_OWNER;
  const isSaid =
    error instanceof CommandProblem ||
    error instanceof StartError ||
    error instanceof MigrationError ||
    error instanceof EnvironmentError;
  return isSaid ? error.message : (wordedProblem(error, file)?.message ?? null);
}
