import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import type { Sealed } from './key-ring.ts';
import type { SecretLimits } from './limits.ts';
import type { LimitedJob } from './may-use.ts';

export type SecretRow = Sealed & SecretLimits & { name: string };

/** Those of these names that there are. */
export async function readSecretRows(sql: Sql, names: readonly string[]): Promise<SecretRow[]> {
  return sql<SecretRow>(
    `SELECT name, key_id AS "keyId", sealed, jobs, labels FROM secret WHERE name = ANY ($1::text[])`,
    [names],
  );
}

/** The same for a job that is being saved: none of them is deleted or limited until it is. */
export async function holdSecrets(
  sql: Sql,
  names: readonly string[],
): Promise<(SecretLimits & { name: string; keyId: string })[]> {
  return sql(
    `SELECT name, key_id AS "keyId", jobs, labels FROM secret WHERE name = ANY ($1::text[]) ORDER BY name FOR SHARE`,
    [names],
  );
}

export type SecretFacts = SecretLimits & {
  name: string;
  keyId: string;
  createdBy: string;
  createdAt: Date;
  changedBy: string;
  changedAt: Date;
  /** Keys of the jobs that use it. */
  usedBy: string[];
};

// While a revision is on trial, the one before goes on as well.
const USES = `
SELECT j.key, j.labels, name FROM job j CROSS JOIN LATERAL unnest(j.secrets) AS name
 WHERE j.deleted_at IS NULL AND j.secrets <> '{}'
UNION
SELECT j.key, j.labels, x.name FROM trial t
  JOIN job j ON j.id = t.job_id AND j.deleted_at IS NULL
  JOIN revision v ON v.job_id = t.job_id AND v.number = t.base_revision
  JOIN secret x ON position('secret.' || x.name || '}}' IN v.definition::text) > 0
 WHERE t.ended_at IS NULL`;

/** All of them by name, without their values; jobs outside the scope aren't named. */
export async function readSecretFacts(sql: Sql, scope: Scope): Promise<SecretFacts[]> {
  return sql<SecretFacts>(READ_FACTS, [scopeParameter(scope)]);
}

const READ_FACTS = `
WITH uses AS (${USES}), used AS (
  SELECT name, array_agg(key ORDER BY key) AS keys FROM uses
   WHERE ${inScope('labels', '$1')} GROUP BY name)
SELECT s.name, s.key_id AS "keyId", s.jobs, s.labels, s.created_by AS "createdBy", s.created_at AS "createdAt",
  s.changed_by AS "changedBy", s.changed_at AS "changedAt", coalesce(used.keys, '{}') AS "usedBy"
FROM secret s LEFT JOIN used ON used.name = s.name
ORDER BY s.name`;

/** The jobs that use it. */
export async function readUsers(sql: Sql, name: string): Promise<LimitedJob[]> {
  return sql<LimitedJob>(
    `WITH uses AS (${USES}) SELECT key, labels FROM uses WHERE name = $1::text ORDER BY key`,
    [name],
  );
}

/** How many there are, addresses of channels included, and how many of them were sealed with other keys than these. */
export async function countSecrets(
  sql: Sql,
  keyIds: readonly string[],
): Promise<{ all: number; unreadable: number }> {
  const [row] = await sql<{ all: number; unreadable: number }>(
    `SELECT count(*)::int AS "all", (count(*) FILTER (WHERE key_id <> ALL ($1::text[])))::int AS unreadable
       FROM (SELECT key_id FROM secret UNION ALL SELECT key_id FROM channel WHERE key_id IS NOT NULL) AS sealed`,
    [keyIds],
  );
  return row!;
}

/** Jobs that use a secret which these keys don't open, in their current revision or in that of a run of theirs. */
export async function readJobsBeyond(sql: Sql, keyIds: readonly string[]): Promise<number[]> {
  const rows = await sql<{ id: number }>(JOBS_BEYOND, [keyIds]);
  return rows.map(({ id }) => id);
}

const IS_BEYOND = (keyIds: string) => `key_id <> ALL (${keyIds}::text[])`;

/** Whether there is a secret that these keys don't open. */
export const anyBeyond = (keyIds: string) =>
  `EXISTS (SELECT FROM secret WHERE ${IS_BEYOND(keyIds)})`;

const JOBS_BEYOND = `
WITH beyond AS MATERIALIZED (SELECT name FROM secret WHERE ${IS_BEYOND('$1')})
SELECT j.id FROM job j
 WHERE j.deleted_at IS NULL AND j.secrets && ARRAY(SELECT name FROM beyond)
UNION
SELECT r.job_id FROM run_live r
  JOIN job j ON j.id = r.job_id
  JOIN revision v ON v.job_id = r.job_id AND v.number = r.revision
 WHERE EXISTS (SELECT FROM beyond) AND r.revision <> j.revision
   AND EXISTS (SELECT FROM beyond WHERE position('secret.' || beyond.name || '}}' IN v.definition::text) > 0)`;

/**
 * Some that were sealed with one of these keys and not with the first, locked: those that another rotation has are left
 * to it.
 */
export async function lockToReseal(
  sql: Sql,
  keyId: string,
  keyIds: readonly string[],
  most: number,
  except: readonly string[],
): Promise<(Sealed & { name: string })[]> {
  return sql(
    `SELECT name, key_id AS "keyId", sealed FROM secret
      WHERE key_id <> $1::text AND key_id = ANY ($2::text[]) AND name <> ALL ($4::text[]) ORDER BY name LIMIT $3::int FOR UPDATE SKIP LOCKED`,
    [keyId, keyIds, most, except],
  );
}

/** Names of workers that are alive and don't have this key. */
export async function workersWithoutKey(sql: Sql, keyId: string): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    `SELECT name FROM worker
      WHERE ended_at IS NULL AND lease_until > clock_timestamp() AND NOT secret_keys @> ARRAY[$1::text] ORDER BY name`,
    [keyId],
  );
  return rows.map(({ name }) => name);
}
