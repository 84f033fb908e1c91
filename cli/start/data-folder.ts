import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './start-error.ts';

/**
 * Makes the data folder and returns its absolute path. Root's may be entered by others, since PostgreSQL runs as
 * another user there; every secret in it is a file of mode 600.
 *
 * @throws StartError when it can't be made or written
 */
export function openDataFolder(configured: string): string {
  const folder = path.resolve(configured);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0) chmodSync(folder, 0o711);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (cause) {
    throw new StartError(
      `The data folder ${folder} can't be written by this user (${(cause as Error).message}). ` +
        'Start Punctual as the user who owns it, or set PUNCTUAL_DATA_DIR to another folder.',
      { cause },
    );
  }
}

/** The secret that signs sessions: the configured one, else the one kept in the data folder, made at the first start. */
export function authSecret(folder: string, configured: string | undefined): string {
  if (configured !== undefined) return configured;
  const file = path.join(folder, 'auth-secret');
  try {
    writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length >= 32) return secret;
  throw new StartError(
    `${file} holds fewer than 32 characters. Remove it to have a new secret made (everybody signs in anew).`,
  );
}
