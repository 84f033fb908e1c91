import type { Sql } from '../db.ts';
import { quantile } from '../runs/durations.ts';
import { readUsual } from '../why/crowd.sql.ts';
import type { Took } from './model.ts';

/** Where nobody knows anything. */
export const UNKNOWN_TOOK = { usualMs: 10_000, longMs: 30_000 };

const KEPT_MS = 5 * 60_000;
const JOBS_AT_ONCE = 1_000;
const MOST_KEPT = 50_000;

type Known = { readMs: number; took: { usualMs: number; longMs: number } | null };

// By id, which means the same in every installation that one process ever talks to: one.
const known = new Map<number, Known>();

/**
 * How long the runs of jobs take, by their latest successes; looked up once in a while, since it hardly changes. A job
 * that never succeeded takes as long as the jobs of its queue do in the median, or all jobs, or `UNKNOWN_TOOK`.
 */
export async function tookOf(
  sql: Sql,
  jobs: readonly { id: number; queue: string }[],
  nowMs: number,
): Promise<Map<number, Took>> {
  const asked = jobs.filter(({ id }) => !((known.get(id)?.readMs ?? 0) > nowMs - KEPT_MS));
  if (known.size + asked.length > MOST_KEPT) known.clear();
  for (let at = 0; at < asked.length; at += JOBS_AT_ONCE) {
    const ids = asked.slice(at, at + JOBS_AT_ONCE).map(({ id }) => id);
    const rows = new Map((await readUsual(sql, ids)).map((row) => [row.jobId, row]));
    for (const id of ids) {
      const row = rows.get(id);
      const took = row ? { usualMs: row.usualMs, longMs: row.longMs } : null;
      known.set(id, { readMs: nowMs, took });
    }
  }
  return withAssumed(jobs.map((job) => ({ ...job, took: known.get(job.id)?.took ?? null })));
}

type Measured = { id: number; queue: string; took: Known['took'] };

export function withAssumed(jobs: readonly Measured[]): Map<number, Took> {
  const ofAll = medianOf(jobs) ?? UNKNOWN_TOOK;
  const ofQueue = new Map<string, Pick<Took, 'usualMs' | 'longMs'>>();
  for (const [queue, own] of Map.groupBy(jobs, (job) => job.queue)) {
    ofQueue.set(queue, medianOf(own) ?? ofAll);
  }
  return new Map(
    jobs.map(({ id, queue, took }) => [
      id,
      { ...(took ?? ofQueue.get(queue) ?? ofAll), isAssumed: took === null },
    ]),
  );
}

function medianOf(jobs: readonly Measured[]): Pick<Took, 'usualMs' | 'longMs'> | null {
  const measured = jobs.flatMap(({ took }) => took ?? []);
  const usualMs = quantile(
    measured.map((took) => took.usualMs),
    0.5,
  );
  const longMs = quantile(
    measured.map((took) => took.longMs),
    0.5,
  );
  return usualMs === null || longMs === null ? null : { usualMs, longMs };
}
