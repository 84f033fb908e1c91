import type { Sql } from '../db.ts';
import type { Keyset } from '../keyset.ts';
import type { RunFilters } from './filters.ts';
import { AS_RUN_ROW, JOIN_NAMES, RUN_COLUMNS, type RunRow } from './summary.ts';
import { Values } from './values.ts';

export type RunPage = {
  rows: RunRow[];
  /** Set when the search stopped before it had a full page: how far it looked. */
  searchedTo: { at: Date; id: number } | null;
};

/**
 * Which runs, with their jobs looked up (null: of all): a key can name several jobs, one after the other, and whoever may
 * know of some jobs only means those.
 */
export type RunQuery = Omit<RunFilters, 'jobKey'> & { jobIds: readonly number[] | null };

// A filter that no index serves (queue, worker, trigger, text) is looked for among so many runs a page, then the page
// says how far it looked: 20,000 take 40 ms, and a search through ten million stays a matter of pressing on.
const EXAMINED_AT_ONCE = 20_000;

/** More jobs than that don't stand in the text of a statement one by one. */
export const FEW_JOBS = 5;

// Of 1,000 jobs a page takes 200 ms job by job; where they run as often as others do, their latest runs are among the
// latest of all, which takes 60 ms to see.
const MANY_JOBS = 100;

/**
 * One page of the ledger, by (scheduled_for, id): newest first for `older`, nearest first for `newer`. Each state and job
 * is an index scan of its own that stops at the page's size, whatever the size of history: a page costs by the jobs that
 * are asked about.
 */
export async function listRunRows(
  sql: Sql,
  query: RunQuery,
  cursor: Keyset | null,
  limit: number,
): Promise<RunPage> {
  if (query.jobIds && query.jobIds.length > MANY_JOBS) {
    const latest = await pageOf(sql, listStatement(query, cursor, limit, 'among all'));
    if (latest.rows.length === limit) return { ...latest, searchedTo: null };
  }
  return pageOf(sql, listStatement(query, cursor, limit, 'job by job'));
}

async function pageOf(sql: Sql, statement: ReturnType<typeof listStatement>): Promise<RunPage> {
  const rows = await sql<RunRow & { searchedAt: Date | null; searchedId: number | null }>(
    statement.text,
    statement.values,
  );
  const [first] = rows;
  return {
    rows: rows.filter((row) => row.id !== null),
    searchedTo:
      first?.searchedAt && first.searchedId !== null
        ? { at: first.searchedAt, id: first.searchedId }
        : null,
  };
}

function listStatement(
  query: RunQuery,
  cursor: Keyset | null,
  limit: number,
  way: 'among all' | 'job by job',
) {
  const values = new Values();
  const isOlder = cursor?.direction !== 'newer';
  const order = isOlder ? 'DESC' : 'ASC';
  const isAmongAll = way === 'among all';
  const rest = isAmongAll
    ? [isOneOf(values.add(query.jobIds)), unindexed(query, values) ?? 'true'].join(' AND ')
    : unindexed(query, values);
  const manyJobs =
    !isAmongAll && query.jobIds && query.jobIds.length > FEW_JOBS ? query.jobIds : null;
  const mostOfSource = Math.ceil(EXAMINED_AT_ONCE / (manyJobs?.length ?? 1));
  const examined = rest === null ? limit : Math.max(limit, mostOfSource);
  const nearest = (source: string) => `
    SELECT ${RUN_COLUMNS} FROM run r
     WHERE ${[source, ...bounds(query, cursor, values)].join(' AND ')}
     ORDER BY r.scheduled_for ${order}, r.id ${order} LIMIT ${values.add(examined)}`;
  const sources = sourcesOf(
    { ...query, jobIds: manyJobs || isAmongAll ? null : query.jobIds },
    values,
  ).map((source, number) =>
    manyJobs
      ? `
    SELECT j.id::bigint * 16 + ${number} AS source, r.*
      FROM unnest(${values.add(manyJobs)}::int[]) AS j (id)
     CROSS JOIN LATERAL (${nearest(`r.job_id = j.id AND ${source}`)}) AS r`
      : `
    SELECT ${number} AS source, r.* FROM (${nearest(source)}) AS r`,
  );
  // Where a source stopped early, nothing beyond that is known of it: the page ends there.
  const horizon =
    rest === null
      ? 'SELECT NULL::timestamptz AS at, NULL::bigint AS id WHERE false'
      : `SELECT scheduled_for AS at, id FROM (
           SELECT scheduled_for, id,
                  row_number() OVER (PARTITION BY source ORDER BY scheduled_for ${order}, id ${order}) AS place
             FROM examined) AS placed
          WHERE place = ${values.add(examined)}
          ORDER BY scheduled_for ${order}, id ${order} LIMIT 1`;
  const beforeHorizon = isOlder ? '>=' : '<=';
  const text = `
WITH examined AS MATERIALIZED (${sources.join(' UNION ALL ')}
), horizon AS MATERIALIZED (${horizon}
), page AS (
  SELECT r.* FROM examined r
   WHERE ${rest ?? 'true'}
     AND NOT EXISTS (SELECT FROM horizon h WHERE NOT (r.scheduled_for, r.id) ${beforeHorizon} (h.at, h.id))
   ORDER BY r.scheduled_for ${order}, r.id ${order} LIMIT ${values.add(limit)}
)
SELECT ${AS_RUN_ROW}, h.at AS "searchedAt", h.id AS "searchedId"
  FROM (SELECT 1) AS always
  LEFT JOIN horizon h ON true
  LEFT JOIN page r ON true ${JOIN_NAMES}
 ORDER BY r.scheduled_for DESC, r.id DESC`;
  return { text, values: values.all };
}

/** What an index serves: one condition for each job and state. States are words of ours, so they stand in the text. */
export function sourcesOf(
  query: Pick<RunQuery, 'jobIds' | 'states' | 'backfillId'>,
  values: Values,
): string[] {
  const { backfillId } = query;
  const own = backfillId === null ? '' : ` AND r.backfill_id = ${values.add(backfillId)}::int`;
  const jobs = query.jobIds?.map((id) => `r.job_id = ${values.add(id)}::int`) ?? [null];
  const states =
    query.states.length === 0
      ? ['r.is_live IN (true, false)']
      : [...new Set(query.states)].map((state) =>
          state === 'queued' || state === 'running'
            ? `r.is_live AND r.state = '${state}'`
            : `r.is_live = false AND r.state = '${state}'`,
        );
  return jobs.flatMap((job) =>
    states.map((state) => (job === null ? state : `${job} AND ${state}`) + own),
  );
}

/** Of a run that is looked at anyway: reckoned with, so that no index of jobs is gone through for each of them. */
export const isOneOf = (jobIds: string) => `r.job_id + 0 = ANY (${jobIds}::int[])`;

/** What no index serves, or null when that is nothing. */
export function unindexed(query: RunQuery, values: Values): string | null {
  const conditions = [
    query.backfillId === null ? null : `r.backfill_id = ${values.add(query.backfillId)}::int`,
    query.queue === null ? null : `r.queue = ${values.add(query.queue)}::text`,
    query.workerId === null ? null : `r.worker_id = ${values.add(query.workerId)}::int`,
    query.triggers.length === 0 ? null : `r.trigger = ANY (${values.add(query.triggers)}::text[])`,
    query.text === null
      ? null
      : `position(lower(${values.add(query.text)}::text) IN lower(r.cause)) > 0`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? null : conditions.join(' AND ');
}

function bounds(query: RunQuery, cursor: Keyset | null, values: Values): string[] {
  // A tick that is planned but not due yet belongs to the future, not to the ledger's list.
  const conditions = [`r.scheduled_for <= statement_timestamp()`];
  if (query.from) conditions.push(`r.scheduled_for >= ${values.add(query.from)}::timestamptz`);
  if (query.to) conditions.push(`r.scheduled_for < ${values.add(query.to)}::timestamptz`);
  if (cursor) {
    const at = `${values.add(new Date(cursor.atMs))}::timestamptz`;
    const comparison = cursor.direction === 'older' ? '<' : '>';
    // The first condition lets Postgres leave whole months out.
    conditions.push(
      `r.scheduled_for ${comparison}= ${at}`,
      `(r.scheduled_for, r.id) ${comparison} (${at}, ${values.add(cursor.id)}::bigint)`,
    );
  }
  return conditions;
}
