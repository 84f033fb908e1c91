import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './start-error.ts';

/** The system account that runs PostgreSQL; it refuses to run as root. */
export type ServerAccount = { name: string; uid: number; gid: number };

/**
 * Who runs the server: nobody else (null) for an ordinary user; for root the owner of an existing data folder, else
 * the system user `postgres`, which is made where it is missing.
 *
 * @throws StartError when there is no such user and none can be made
 */
export function serverAccount(dataFolder: string): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  return ownerOf(dataFolder) ?? postgresUser() ?? madePostgresUser();
}

/** The options that make a child process run as `account`, in a folder that everybody may enter. */
export function asAccount(account: ServerAccount | null): {
  cwd: string;
  uid?: number;
  gid?: number;
} {
  return account ? { cwd: '/', uid: account.uid, gid: account.gid } : { cwd: '/' };
}

/** @throws StartError naming the folders in the way when `account` can't get at `target`. */
export function checkReach(account: ServerAccount | null, target: string, purpose: string): void {
  if (!account) return;
  const probe = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', target], asAccount(account));
  if (probe.status === 0) return;
  const closed = closedFolders(account, target);
  const first = closed[0] ?? path.dirname(target);
  throw new StartError(
    `PostgreSQL can't run as root, so it runs as the system user ${account.name}, who can't get at ${purpose} ` +
      `${target}: ${closed.join(', ') || 'a folder on the way'} may not be entered by others.\n` +
      `Open it with \`chmod o+x ${first}\`, or move Punctual to a folder such as /opt/punctual, ` +
      'or start it as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function ownerOf(folder: string): ServerAccount | null {
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (!owner || owner.uid === 0) return null;
  return { name: nameOf(owner.uid), uid: owner.uid, gid: owner.gid };
}

function postgresUser(): ServerAccount | null {
  const uid = idOf('-u');
  const gid = idOf('-g');
  return uid === null || gid === null ? null : { name: 'postgres', uid, gid };
}

function madePostgresUser(): ServerAccount {
  const made =
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).status === 0;
  const account = made ? postgresUser() : null;
  if (account) return account;
  throw new StartError(
    "PostgreSQL can't run as root, and a system user `postgres` for it couldn't be made. " +
      'Start Punctual as an ordinary user, or make that user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function idOf(flag: '-u' | '-g'): number | null {
  const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

function nameOf(uid: number): string {
  try {
    return execFileSync('id', ['-un', String(uid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return `with the id ${uid}`;
  }
}

/** The folders on the way to `target` whose mode bits keep `account` out, outermost first. */
function closedFolders(account: ServerAccount, target: string): string[] {
  const folders: string[] = [];
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    folders.unshift(folder);
    if (folder === path.dirname(folder)) break;
  }
  return folders.filter((folder) => {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (!stat) return false;
    if (stat.uid === account.uid) return (stat.mode & 0o100) === 0;
    if (stat.gid === account.gid) return (stat.mode & 0o010) === 0;
    return (stat.mode & 0o001) === 0;
  });
}
