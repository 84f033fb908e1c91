import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readKeys } from '#core/secrets/secret-keys.ts';
import { StartError } from './start-error.ts';

const fileIn = (folder: string) => path.join(folder, 'secret-key');

/**
 * The keys that secrets are sealed with: the configured ones, else those kept in the data folder, where the first start
 * with the embedded database makes one. With a database of somebody else's none is made: another host would make another.
 */
export function secretKey(
  folder: string,
  configured: string | undefined,
  isEmbedded: boolean,
): string | undefined {
  if (configured !== undefined || !isEmbedded) return configured;
  try {
    writeFileSync(fileIn(folder), randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return keptSecretKey(folder);
}

/**
 * What the data folder has; undefined: nothing.
 * @throws StartError where the file holds something else than keys
 */
export function keptSecretKey(folder: string): string | undefined {
  let kept: string;
  try {
    kept = readFileSync(fileIn(folder), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if ((readKeys(kept)?.length ?? 0) > 0) return kept;
  throw new StartError(
    `${fileIn(folder)} doesn't hold keys of 32 bytes in base64 or hexadecimal, separated by commas. ` +
      'Put the key of this database back. Without it no secret can be opened: docs/secrets.md says what to do then.',
  );
}
