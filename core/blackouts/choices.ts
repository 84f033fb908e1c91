import { type Actor, scopeOf } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import { sqlOf } from '../db.ts';
import { webPool } from '../prisma.ts';

/** What the scope of a blackout is chosen from. */
export type BlackoutChoices = {
  queues: string[];
  labels: { name: string; value: string }[];
  /** By key. */
  jobs: { id: number; key: string }[];
};

export async function readBlackoutChoices(actor: Actor): Promise<BlackoutChoices> {
  const scope = scopeOf(actor, 'job:read');
  const [row] = await sqlOf(webPool())<BlackoutChoices>(READ_CHOICES, [scopeParameter(scope)]);
  return row!;
}

const READ_CHOICES = `
SELECT (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]') FROM queue) AS queues,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', l.key, 'value', l.value) ORDER BY l.key, l.value), '[]')
          FROM (SELECT DISTINCT e.key, e.value FROM job j CROSS JOIN LATERAL jsonb_each_text(j.labels) e
                 WHERE j.deleted_at IS NULL AND ${inScope('j.labels', '$1')}) AS l) AS labels,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'key', key) ORDER BY key), '[]')
          FROM job WHERE deleted_at IS NULL AND ${inScope('labels', '$1')}) AS jobs`;
