import { type Actor, scopeOf } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { Key } from './definition.ts';
import { type NamedJob, readKeysInUse, readNamedJob } from './find-job.sql.ts';
import { nearKeys } from './near-keys.ts';

/**
 * The job that has the key, or the latest that had it; the refusal suggests keys that may have been meant. Of jobs that
 * the actor may not know of neither says anything.
 */
export async function findJob(actor: Actor, key: string): Promise<Outcome<NamedJob>> {
  const scope = scopeOf(actor, 'job:read');
  const sql = sqlOf(webPool());
  // What isn't a key may hold what the database refuses to compare.
  const found = Key.safeParse(key).success ? await readNamedJob(sql, key, scope) : undefined;
  if (found) return done(found);
  const near = nearKeys(key, await readKeysInUse(sql, scope));
  return refuse('not_found', `There is no job ${key}. ${nextStep(near)}`);
}

function nextStep(near: readonly string[]): string {
  if (near.length === 0) return 'The list of jobs in the console shows every key.';
  return `Did you mean ${new Intl.ListFormat('en', { type: 'disjunction' }).format(near)}?`;
}
