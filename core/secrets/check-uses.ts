import type { Sql } from '../db.ts';
import type { JobDefinition } from '../jobs/definition.ts';
import { type FieldProblem, secretPlaces } from '../jobs/secret-uses.ts';
import { refuse, type Refused } from '../outcome.ts';
import { keyIds } from './key-ring.ts';
import { mayUse } from './may-use.ts';
import { ownKeys } from './own-keys.ts';
import { holdSecrets } from './secrets.sql.ts';

/**
 * Refuses to save a job that uses a secret which isn't there, which it may not use, or which the key of this process
 * doesn't open; null where nothing is wrong. The secrets stay as they are until the transaction ends.
 */
export async function refuseSecrets(sql: Sql, definition: JobDefinition): Promise<Refused | null> {
  const places = secretPlaces(definition.work);
  if (places.length === 0) return null;
  const rows = await holdSecrets(sql, [...new Set(places.map(({ name }) => name))]);
  const known = new Map(rows.map((row) => [row.name, row]));
  const own = keyIds(ownKeys());
  const fields = places.flatMap(({ name, path }): FieldProblem[] => {
    const secret = known.get(name);
    if (!secret) return [{ path, message: MISSING(name) }];
    if (!mayUse(secret, definition)) return [{ path, message: NOT_ITS_OWN(name) }];
    return own.includes(secret.keyId) ? [] : [{ path, message: OTHER_KEY(name) }];
  });
  const [first] = fields;
  return first ? refuse('invalid', first.message, fields) : null;
}

const MISSING = (name: string) =>
  `There is no secret ${name}. An admin can add it in Settings → Secrets.`;
const NOT_ITS_OWN = (name: string) =>
  `This job may not use the secret ${name}: it is limited to other jobs. An admin can change that in Settings → Secrets.`;
const OTHER_KEY = (name: string) =>
  `The secret ${name} was sealed with another key than PUNCTUAL_SECRET_KEY, so this job can’t be saved now. See Settings → Secrets.`;
