import { chmodSync, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '#core/doctor/finding.ts';

/** Files that give access to everything, in the data folder of `npm start`. */
const SECRET_FILES = [
  'secret-key',
  'auth-secret',
  'postgres-password',
  'postgres-app-password',
] as const;

/** Who may read what lies in the data folder; nothing where there is none. */
export function fileFindings(folder: string): Finding[] {
  if (!existsSync(folder)) return [];
  const open = SECRET_FILES.map((name) => path.join(folder, name)).filter(isOpenToOthers);
  return [...open.map(openFile), ...databaseFolder(path.join(folder, 'postgres'))];
}

function isOpenToOthers(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & 0o077) !== 0;
}

const openFile = (file: string): Finding => ({
  check: 'files',
  level: 'error',
  says: `Others on this host can read ${file}, which gives access to everything.`,
  fix: `chmod 600 ${file}. If somebody may have read it, make a new one: docs/secrets.md says how.`,
  mend: async () => {
    if (!isOpenToOthers(file)) return null;
    chmodSync(file, 0o600);
    return `Closed ${file} to others.`;
  },
});

/** PostgreSQL refuses a folder that others may write, and its owner runs the server. */
function databaseFolder(folder: string): Finding[] {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const { mode, uid } = stat;
  const findings: Finding[] = [];
  if ((mode & 0o027) !== 0) {
    findings.push({
      check: 'files',
      level: 'error',
      says: `Others on this host get at ${folder}, and PostgreSQL doesn’t start on such a folder.`,
      fix: `chmod 700 ${folder}`,
      mend: async () => {
        chmodSync(folder, 0o700);
        return `Closed ${folder} to others.`;
      },
    });
  }
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && uid !== own) {
    findings.push({
      check: 'files',
      level: 'error',
      says: `${folder} belongs to another user than the one who runs this command, who couldn’t start PostgreSQL on it.`,
      fix: `Run Punctual as the owner, or: chown -R $(id -u) ${folder}`,
    });
  }
  return findings;
}
