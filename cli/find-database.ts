import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { CommandProblem } from './command-problem.ts';
import { placeIn } from './start/postgres-folder.ts';
import { applicationAddressOf, isAlive, readLock } from './start/postgres-probe.ts';
import { readSettings } from './start/settings.ts';

/**
 * The address of the database: DATABASE_URL's, else that of the PostgreSQL that `npm start` runs in the data folder.
 *
 * @throws CommandProblem when there is none or it doesn't run; EnvironmentError where a variable can't be used
 */
export function findDatabase(): string {
  const { environment, embedded } = readSettings(process.env);
  if (!embedded) return environment.DATABASE_URL;
  const folder = path.resolve(environment.PUNCTUAL_DATA_DIR);
  const url = addressOfEmbedded(folder);
  if (url !== null) return url;
  throw new CommandProblem(
    `Punctual isn’t running on ${folder}, and DATABASE_URL is not set. ` +
      'Start it with `npm start`, or set DATABASE_URL (or PUNCTUAL_DATA_DIR) to the one that you mean.',
  );
}

function addressOfEmbedded(folder: string): string | null {
  try {
    const place = placeIn(folder);
    accessSync(place.passwordFile, constants.R_OK);
    const lock = readLock(place.data);
    if (!lock || !isAlive(lock.pid)) return null;
    return applicationAddressOf(place, lock.port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code !== 'EACCES') throw error;
    throw new CommandProblem(
      `The data folder ${folder} can’t be read by this user. Run the command as the user who runs Punctual.`,
      { cause: error },
    );
  }
}
