import type { Sql } from '../db.ts';
import { FINAL_STATES, type RunState } from './states.ts';
import { type RunQuery, unindexed } from './reads-list.sql.ts';
import { Values } from './values.ts';

/** One bucket of one state. Beyond the cap the rest of the bucket is reckoned from how much of it was looked at. */
export type BucketCount = {
  bucket: number;
  state: RunState;
  count: number;
  isEstimate: boolean;
};

/** Bucket n reaches from edge n to before edge n + 1. */
export type Edges = readonly Date[];

// Rows of a bucket that are looked at in an index alone, and in the rows themselves: 60 buckets stay below 200 ms
// however many runs there are.
const MOST_IN_INDEX = 20_000;
const MOST_IN_ROWS = 2_000;

const OTHER_STATES = FINAL_STATES.filter((state) => state !== 'succeeded');

/** Counts runs by bucket of `scheduled_for` and state; up to `mostInIndex` a bucket exactly where an index serves. */
export async function countRunsByBucket(
  sql: Sql,
  query: RunQuery,
  edges: Edges,
  mostInIndex = MOST_IN_INDEX,
): Promise<BucketCount[]> {
  const wanted = new Set(query.states);
  const isWanted = (state: RunState) => wanted.size === 0 || wanted.has(state);
  const isPlain = unindexed(query, new Values()) === null;
  // One after the other: a snapshot has one connection. Where nothing else is asked, what succeeded is what is left.
  const others = await countStates(
    sql,
    query,
    { edges, mostInIndex },
    OTHER_STATES.filter((state) => isWanted(state) || (isPlain && isWanted('succeeded'))),
  );
  const all = !isWanted('succeeded')
    ? []
    : isPlain
      ? await countAllFinished(sql, query, { edges, mostInIndex })
      : await countStates(sql, query, { edges, mostInIndex }, ['succeeded']);
  const live = isWanted('queued') || isWanted('running') ? await countLive(sql, query, edges) : [];
  const succeeded = isPlain ? withoutOthers(all, others) : all;
  return [...others, ...succeeded, ...live].filter(
    ({ state, count }) => count > 0 && isWanted(state),
  );
}

function withoutOthers(all: readonly BucketCount[], others: readonly BucketCount[]): BucketCount[] {
  return all.map((total) => {
    const rest = others.filter(({ bucket }) => bucket === total.bucket);
    const count = rest.reduce((left, { count: part }) => left - part, total.count);
    return { ...total, count: Math.max(0, count) };
  });
}

type Depth = { edges: Edges; mostInIndex: number };

async function countStates(
  sql: Sql,
  query: RunQuery,
  { edges, mostInIndex }: Depth,
  states: readonly RunState[],
): Promise<BucketCount[]> {
  if (states.length === 0) return [];
  const values = new Values();
  const rest = unindexed(query, values);
  const most = values.add(rest === null ? mostInIndex : MOST_IN_ROWS);
  const buckets = bucketsOf(edges, values);
  const columns =
    rest === null ? 'r.scheduled_for' : 'r.scheduled_for, r.queue, r.worker_id, r.trigger, r.cause';
  const parts = forEachJob(query, values).flatMap((job) =>
    states.map((state) =>
      cappedCount(buckets, {
        state,
        columns,
        where: `r.is_live = false AND r.state = '${state}'${job}`,
        rest: rest ?? 'true',
        most,
      }),
    ),
  );
  return added(await sql<CountRow>(parts.join(' UNION ALL '), values.all));
}

async function countAllFinished(
  sql: Sql,
  query: RunQuery,
  { edges, mostInIndex }: Depth,
): Promise<BucketCount[]> {
  const values = new Values();
  const most = values.add(mostInIndex);
  const buckets = bucketsOf(edges, values);
  const parts = forEachJob(query, values).map((job) =>
    cappedCount(buckets, {
      state: 'succeeded',
      columns: 'r.scheduled_for',
      where: `r.is_live = false${job}`,
      rest: 'true',
      most,
    }),
  );
  return added(await sql<CountRow>(parts.join(' UNION ALL '), values.all));
}

async function countLive(sql: Sql, query: RunQuery, edges: Edges): Promise<BucketCount[]> {
  const values = new Values();
  const all = values.add(edges);
  const [from, until] = [values.add(edges[0]), values.add(edges.at(-1))];
  const jobs =
    query.jobIds === null ? 'true' : `r.job_id = ANY (${values.add(query.jobIds)}::int[])`;
  const rows = await sql<CountRow>(
    `SELECT width_bucket(r.scheduled_for, ${all}::timestamptz[]) - 1 AS bucket,
            r.state, count(*)::int AS count, 1::float8 AS share
       FROM (
         SELECT * FROM run r
          WHERE r.is_live AND ${jobs} AND r.scheduled_for >= ${from}::timestamptz AND r.scheduled_for < ${until}::timestamptz
            AND r.scheduled_for <= statement_timestamp()
          ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 100000) AS r
      WHERE ${unindexed(query, values) ?? 'true'}
      GROUP BY 1, 2`,
    values.all,
  );
  return added(rows);
}

type CountRow = { bucket: number; state: RunState; count: number; share: number };

type Counted = { state: RunState; columns: string; where: string; rest: string; most: string };

/** Rows `b` with n, from_at and to_at. */
function bucketsOf(edges: Edges, values: Values): string {
  const from = values.add(edges.slice(0, -1));
  const to = values.add(edges.slice(1));
  return `(SELECT (place - 1)::int AS n, from_at, to_at
             FROM unnest(${from}::timestamptz[], ${to}::timestamptz[]) WITH ORDINALITY AS e (from_at, to_at, place)) AS b`;
}

/** `share`: how much of the bucket's time the rows cover that were looked at; 1 when that were all. */
function cappedCount(buckets: string, counted: Counted): string {
  return `
SELECT b.n AS bucket, '${counted.state}' AS state, found.count,
       CASE WHEN found.looked_at < ${counted.most}::int THEN 1::float8
            ELSE greatest(0.0001, extract(epoch FROM b.to_at - found.oldest) / extract(epoch FROM b.to_at - b.from_at))::float8
       END AS share
  FROM ${buckets}
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE ${counted.rest})::int AS count, count(*)::int AS looked_at, min(r.scheduled_for) AS oldest
     FROM (
       SELECT ${counted.columns} FROM run r
        WHERE ${counted.where} AND r.scheduled_for >= b.from_at AND r.scheduled_for < b.to_at
          AND r.scheduled_for <= statement_timestamp()
        ORDER BY r.scheduled_for DESC LIMIT ${counted.most}) AS r) AS found
 WHERE found.count > 0`;
}

function forEachJob(query: RunQuery, values: Values): string[] {
  return query.jobIds?.map((id) => ` AND r.job_id = ${values.add(id)}::int`) ?? [''];
}

/** A key's several jobs together, and counts reckoned from a share. */
function added(rows: readonly CountRow[]): BucketCount[] {
  const sums = new Map<string, BucketCount>();
  for (const { bucket, state, count, share } of rows) {
    const key = `${bucket} ${state}`;
    const sum = sums.get(key) ?? { bucket, state, count: 0, isEstimate: false };
    sum.count += Math.round(count / Math.min(1, share));
    sum.isEstimate ||= share < 1;
    sums.set(key, sum);
  }
  return [...sums.values()];
}
