import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import { readRestsAhead } from '../blackouts/rests-ahead.ts';
import { HITS } from '../blackouts/scope.ts';
import { databaseNow } from '../database-now.ts';
import type { Sql } from '../db.ts';
import { Values } from '../runs/values.ts';
import { AS_JOB_FACTS, factsOfJobs, type JobFacts, NEXT_TICK, RANK } from './job-facts.sql.ts';
import type { ListJobs } from './job-filters.ts';
import type { JobState } from './job-state.ts';

export type JobPage = {
  rows: (JobFacts & { place: number })[];
  /** Of all jobs that fit. */
  total: number;
  /** Of all jobs, whatever the filters. */
  byState: Partial<Record<JobState, number>>;
};

const FAR_MS = 9_000_000_000_000;

// A place says where a row stands; the key settles ties. Places that move by themselves (the next tick) are used
// only where they were asked for, or rows would jump under the pointer.
const PLACES: Readonly<Record<Exclude<ListJobs['order'], 'next'>, string>> = {
  needs: RANK,
  name: '0',
  latest: `-coalesce(extract(epoch FROM t.last_at) * 1000, 0)`,
};

// A job whose tick falls in a blackout stands where that ends: nothing of it starts before.
const NEXT_PLACE = (rests: string) => `
  (SELECT coalesce(greatest(tick.ms, (
            SELECT max(rest.to_ms)
              FROM (SELECT t.id, t.queue, t.labels) AS j
             CROSS JOIN jsonb_to_recordset(${rests}::text::jsonb) AS rest (scope jsonb, from_ms float8, to_ms float8)
             WHERE tick.ms >= rest.from_ms AND tick.ms < rest.to_ms AND ${HITS('rest.scope')})), ${FAR_MS})
     FROM (SELECT extract(epoch FROM ${NEXT_TICK}) * 1000 AS ms) AS tick)`;

/**
 * One page of the jobs that the scope tells of, with their state. The state of every one of them is looked at, since order
 * and counts need it.
 */
export async function listJobRows(
  sql: Sql,
  query: ListJobs,
  limit: number,
  scope: Scope,
): Promise<JobPage> {
  const values = new Values();
  const known = inScope('j.labels', values.add(scopeParameter(scope)));
  const conditions = filters(query, values);
  const after = query.cursor
    ? `WHERE (place, key COLLATE "C") > (${values.add(query.cursor.place)}::float8, ${values.add(query.cursor.key)}::text)`
    : '';
  const place =
    query.order === 'next'
      ? NEXT_PLACE(values.add(JSON.stringify(await readRestsAhead(sql, await databaseNow(sql)))))
      : PLACES[query.order];
  const text = `
WITH ${factsOfJobs(`j.deleted_at IS NULL AND ${known}`)}
, fitting AS (
  SELECT t.*, (${place})::float8 AS place FROM told t WHERE ${conditions}
), page AS (
  SELECT * FROM fitting ${after} ORDER BY place, key COLLATE "C" LIMIT ${values.add(limit)}::int
)
SELECT ${AS_JOB_FACTS}, t.place,
       (SELECT count(*)::int FROM fitting) AS total,
       (SELECT coalesce(jsonb_object_agg(state, jobs), '{}') FROM (SELECT state, count(*) AS jobs FROM told GROUP BY state) s) AS "byState"
  FROM (SELECT 1) AS always
  LEFT JOIN page t ON true
 ORDER BY t.place, t.key COLLATE "C"`;
  const rows = await sql<JobPage['rows'][number] & Omit<JobPage, 'rows'>>(text, values.all);
  const [{ total, byState } = { total: 0, byState: {} }] = rows;
  return { rows: rows.filter(({ id }) => id !== null), total, byState };
}

function filters(query: ListJobs, values: Values): string {
  const conditions = ['true'];
  if (query.search !== null) {
    const search = values.add(query.search);
    conditions.push(
      `(position(lower(${search}::text) IN t.key) > 0 OR position(lower(${search}::text) IN lower(t.owner)) > 0)`,
    );
  }
  if (query.states.length > 0)
    conditions.push(`t.state = ANY (${values.add(query.states)}::text[])`);
  if (query.queues.length > 0)
    conditions.push(`t.queue = ANY (${values.add(query.queues)}::text[])`);
  if (query.kinds.length > 0) conditions.push(`t.kind = ANY (${values.add(query.kinds)}::text[])`);
  for (const label of query.labels) {
    const [name, value] = splitLabel(label);
    conditions.push(
      value === null
        ? `t.labels ? ${values.add(name)}::text`
        : `t.labels ->> ${values.add(name)}::text = ${values.add(value)}::text`,
    );
  }
  return conditions.join(' AND ');
}

function splitLabel(label: string): [string, string | null] {
  const at = label.indexOf('=');
  return at === -1 ? [label, null] : [label.slice(0, at), label.slice(at + 1)];
}

/** The labels in use, for the filter's choices: the commonest first. */
export async function readLabelsInUse(
  sql: Sql,
  scope: Scope,
): Promise<{ name: string; value: string; jobs: number }[]> {
  return sql(
    `SELECT l.key AS name, l.value, count(*)::int AS jobs
       FROM job j CROSS JOIN LATERAL jsonb_each_text(j.labels) AS l
      WHERE j.deleted_at IS NULL AND ${inScope('j.labels', '$1')}
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 500`,
    [scopeParameter(scope)],
  );
}
