import { createHash } from 'node:crypto';
import type { Sql } from '#core/db.ts';
import type { RunState } from '#core/runs/states.ts';
import { fires, nextFire } from '#core/schedules/fixtures/of-schedule.ts';
import type { TestJob } from '../support/jobs.ts';

/** How a job's ticks went: how long the usual one took, and those that went otherwise. */
export type Past = {
  tookMs: number;
  /** One in so many went badly; none without it. */
  oneIn?: number;
  /** Every tick since then went badly, ms before now. */
  badForMs?: number;
  bad?: { state: RunState; cause: string; tookMs: number };
};

/**
 * Writes what the ledger would hold of a job that was made at `since` and ran at each of its ticks until now. To be called
 * before a worker starts: the planner goes on from there.
 */
export async function writeHistory(sql: Sql, job: TestJob, since: Date, past: Past): Promise<void> {
  const { schedule, queue } = job.definition;
  const now = new Date();
  const runs = [...fires(schedule, { after: since, until: now })].map(({ at }) => {
    const chance = chancesOf(`${job.key} ${at.toISOString()}`);
    const isBad =
      at.getTime() >= now.getTime() - (past.badForMs ?? 0) ||
      (past.oneIn !== undefined && chance[0]! < 1 / past.oneIn);
    const bad = isBad ? past.bad : undefined;
    // As durations are: most near the usual, a few far longer.
    const usual = past.tookMs * (0.8 + 0.35 * chance[1]! + (chance[2]! < 0.04 ? 1.5 : 0));
    return {
      at: at.toISOString(),
      state: bad?.state ?? 'succeeded',
      cause: bad?.cause ?? null,
      tookMs: Math.round(bad ? bad.tookMs : usual),
      startedMs: Math.round(2 + 6 * chance[3]!),
    };
  });
  await sql(`SELECT make_month(date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC')::date)`, [
    since,
  ]);
  await sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, worker_id, started_at,
       finished_at, cause, queue, kind)
     SELECT false, $1, 1, 'tick', state, at, at, 1, 1, at + "startedMs" * interval '1 ms',
       at + ("startedMs" + "tookMs") * interval '1 ms', cause, $2, $3
       FROM jsonb_to_recordset($4::jsonb) AS r (at timestamptz, state text, cause text, "tookMs" int, "startedMs" int)`,
    [job.id, queue, job.definition.work.kind, JSON.stringify(runs)],
  );
  await sql(
    'UPDATE job SET planned_until = $2::timestamptz, next_tick_at = $3::timestamptz WHERE id = $1',
    [job.id, now.toISOString(), nextFire(schedule, now)?.at.toISOString() ?? null],
  );
}

/** Four numbers from 0 to 1 that are the same for the same text. */
function chancesOf(text: string): number[] {
  const digest = createHash('sha256').update(text).digest();
  return [0, 4, 8, 12].map((offset) => digest.readUInt32BE(offset) / 2 ** 32);
}
