import type { Sql } from '../db.ts';
import { readHistorySize } from './history-size.sql.ts';
import { FINAL_STATES, type RunState } from './states.ts';
import { FEW_JOBS, isOneOf, type RunQuery, unindexed } from './reads-list.sql.ts';
import { Values } from './values.ts';

/** One bucket of one state; an estimate is reckoned from a part of the bucket's time. */
export type BucketCount = {
  bucket: number;
  state: RunState;
  count: number;
  isEstimate: boolean;
};

/** Bucket n reaches from edge n to before edge n + 1. */
export type Edges = readonly Date[];

/** How many runs may be looked at, in an index alone and in the rows themselves, before a part has to do. */
export type CountLimits = { inIndex: number; inRows: number };

// 500,000 entries of an index take 100 ms, 20,000 rows the same.
const LIMITS: CountLimits = { inIndex: 500_000, inRows: 20_000 };

const OTHER_STATES = FINAL_STATES.filter((state) => state !== 'succeeded');

/**
 * Counts runs by bucket of `scheduled_for` and state: exactly as long as there are not more of them than `limits`, by the
 * statistics of the database, and from evenly strewn parts of the time beyond.
 */
export async function countRunsByBucket(
  sql: Sql,
  query: RunQuery,
  edges: Edges,
  limits: CountLimits = LIMITS,
): Promise<BucketCount[]> {
  const wanted = new Set(query.states);
  const isWanted = (state: RunState) => wanted.size === 0 || wanted.has(state);
  const isPlain = unindexed(query, new Values()) === null;
  const size = await readHistorySize(sql, edges[0]!, edges.at(-1)!);
  const most = isPlain ? limits.inIndex : limits.inRows;
  const isWhole = await isCountedWhole(sql, query, edges, most);
  const partOf = (runs: number) => (isWhole ? 1 : Math.min(1, most / runs));
  // One after the other: a snapshot has one connection. Where nothing else is asked, what succeeded is what is left.
  const others = await countFinished(
    sql,
    query,
    strewn(edges, partOf(size.notWell)),
    OTHER_STATES.filter((state) => isWanted(state) || (isPlain && isWanted('succeeded'))),
  );
  const all = isWanted('succeeded')
    ? await countFinished(sql, query, strewn(edges, partOf(size.all)), [
        isPlain ? 'all' : 'succeeded',
      ])
    : [];
  const live = isWanted('queued') || isWanted('running') ? await countLive(sql, query, edges) : [];
  const succeeded = isPlain ? withoutOthers(all, others) : all;
  return [...others, ...succeeded, ...live].filter(
    ({ state, count }) => count > 0 && isWanted(state),
  );
}

/** A few jobs are; many, where they have no more runs than may be looked at; all of them never for certain. */
async function isCountedWhole(
  sql: Sql,
  { jobIds }: RunQuery,
  edges: Edges,
  most: number,
): Promise<boolean> {
  if (jobIds === null || jobIds.length <= FEW_JOBS) return jobIds !== null;
  const [row] = await sql<{ runs: number }>(COUNT_UP_TO, [
    jobIds,
    edges[0],
    edges.at(-1),
    most + 1,
  ]);
  return row!.runs <= most;
}

const COUNT_UP_TO = `
SELECT count(*)::int AS runs FROM (
  SELECT FROM unnest($1::int[]) AS j (id)
   CROSS JOIN LATERAL (
     SELECT FROM run_done r
      WHERE r.job_id = j.id AND r.scheduled_for >= $2::timestamptz AND r.scheduled_for < $3::timestamptz) AS r
   LIMIT $4::int) AS counted`;

function withoutOthers(all: readonly BucketCount[], others: readonly BucketCount[]): BucketCount[] {
  return all.map((total) => {
    const rest = others.filter(({ bucket }) => bucket === total.bucket);
    const count = rest.reduce((left, { count: part }) => left - part, total.count);
    return { ...total, count: Math.max(0, count) };
  });
}

/** Stretches of time that stand for their bucket; `share` of it is in them. */
type Strewn = { buckets: number[]; from: Date[]; to: Date[]; share: number };

const PARTS_A_BUCKET = 24;
const GOLDEN = 0.618033988749895;

/**
 * A share of each bucket's time, in parts that lie at another place of each slice: even ones would meet every hourly job,
 * or none.
 */
export function strewn(edges: Edges, share: number): Strewn {
  const stretches: Strewn = { buckets: [], from: [], to: [], share };
  const parts = share < 1 ? PARTS_A_BUCKET : 1;
  let place = 0;
  for (const [bucket, edge] of edges.slice(0, -1).entries()) {
    const sliceMs = (edges[bucket + 1]!.getTime() - edge.getTime()) / parts;
    for (let part = 0; part < parts; part++) {
      place = (place + GOLDEN) % 1;
      const from =
        edge.getTime() + part * sliceMs + (share < 1 ? place * (1 - share) * sliceMs : 0);
      stretches.buckets.push(bucket);
      stretches.from.push(new Date(from));
      stretches.to.push(new Date(from + share * sliceMs));
    }
  }
  return stretches;
}

/**
 * Of `run_done` itself and not of `run`, where `is_live` would have to be read from the row. States are words of ours, so
 * they stand in the text, where the partial indexes can be seen to fit.
 */
async function countFinished(
  sql: Sql,
  query: RunQuery,
  stretches: Strewn,
  states: readonly (RunState | 'all')[],
): Promise<BucketCount[]> {
  if (states.length === 0) return [];
  if (query.jobIds && query.jobIds.length > FEW_JOBS && stretches.share === 1) {
    return countFinishedOfMany(sql, query, stretches, states);
  }
  const values = new Values();
  const [buckets, from, to] = [stretches.buckets, stretches.from, stretches.to].map((column) =>
    values.add(column),
  );
  const rest = unindexed(query, values) ?? 'true';
  const jobs =
    query.jobIds && query.jobIds.length > FEW_JOBS
      ? [isOneOf(values.add(query.jobIds))]
      : (query.jobIds?.map((id) => `r.job_id = ${values.add(id)}::int`) ?? ['true']);
  const counts = jobs.flatMap((job) =>
    states.map(
      (state) => `
SELECT s.bucket, '${state === 'all' ? 'succeeded' : state}' AS state, sum(found.count)::int AS count
  FROM unnest(${buckets}::int[], ${from}::timestamptz[], ${to}::timestamptz[]) AS s (bucket, from_at, to_at)
 CROSS JOIN LATERAL (
   SELECT count(*) FROM run_done r
    WHERE ${job} AND ${state === 'all' ? 'true' : `r.state = '${state}'`}
      AND r.scheduled_for >= s.from_at AND r.scheduled_for < s.to_at AND ${rest}) AS found
 WHERE found.count > 0 GROUP BY s.bucket`,
    ),
  );
  return added(await sql<CountRow>(counts.join(' UNION ALL '), values.all), stretches.share);
}

/** The same of many jobs, each gone through once and not once a bucket. */
async function countFinishedOfMany(
  sql: Sql,
  query: RunQuery,
  { from, to }: Strewn,
  states: readonly (RunState | 'all')[],
): Promise<BucketCount[]> {
  const values = new Values();
  const edges = values.add([...from, to.at(-1)!]);
  const [jobs, since, until] = [query.jobIds, from[0], to.at(-1)].map((value) => values.add(value));
  const rest = unindexed(query, values) ?? 'true';
  const counts = states.map(
    (state) => `
SELECT width_bucket(r.scheduled_for, ${edges}::timestamptz[]) - 1 AS bucket,
       '${state === 'all' ? 'succeeded' : state}' AS state, count(*)::int AS count
  FROM unnest(${jobs}::int[]) AS j (id)
 CROSS JOIN LATERAL (
   SELECT r.scheduled_for FROM run_done r
    WHERE r.job_id = j.id AND ${state === 'all' ? 'true' : `r.state = '${state}'`}
      AND r.scheduled_for >= ${since}::timestamptz AND r.scheduled_for < ${until}::timestamptz AND ${rest}) AS r
 GROUP BY 1`,
  );
  return added(await sql<CountRow>(counts.join(' UNION ALL '), values.all), 1);
}

async function countLive(sql: Sql, query: RunQuery, edges: Edges): Promise<BucketCount[]> {
  const values = new Values();
  const all = values.add(edges);
  const [from, until] = [values.add(edges[0]), values.add(edges.at(-1))];
  const jobs =
    query.jobIds === null ? 'true' : `r.job_id = ANY (${values.add(query.jobIds)}::int[])`;
  const rows = await sql<CountRow>(
    `SELECT width_bucket(r.scheduled_for, ${all}::timestamptz[]) - 1 AS bucket,
            r.state, count(*)::int AS count
       FROM (
         SELECT * FROM run r
          WHERE r.is_live AND ${jobs} AND r.scheduled_for >= ${from}::timestamptz AND r.scheduled_for < ${until}::timestamptz
            AND r.scheduled_for <= statement_timestamp()
          ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 100000) AS r
      WHERE ${unindexed(query, values) ?? 'true'}
      GROUP BY 1, 2`,
    values.all,
  );
  return added(rows, 1);
}

type CountRow = { bucket: number; state: RunState; count: number };

/** A key's several jobs together, and what a share of the time stands for. */
function added(rows: readonly CountRow[], share: number): BucketCount[] {
  const sums = new Map<string, BucketCount>();
  for (const { bucket, state, count } of rows) {
    const key = `${bucket} ${state}`;
    const sum = sums.get(key) ?? { bucket, state, count: 0, isEstimate: share < 1 };
    sum.count += Math.round(count / share);
    sums.set(key, sum);
  }
  return [...sums.values()];
}
