import { pino } from 'pino';
import type pg from 'pg';
import type { Sql } from '#core/db.ts';
import { fires } from '#core/schedules/fixtures/of-schedule.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import type { Duty } from '#worker/duty.ts';
import { createPlanner } from '#worker/planner.ts';

export const silent = pino({ level: 'silent' });

export function testPlanner(pool: pg.Pool, planAheadMs = 60_000): Duty {
  return createPlanner({ pool, logger: silent, planAheadMs, pollMs: 2_000, dueSoonMs: 5_000 });
}

/** Passes of a planner until nothing is due for planning; what they did together. */
export async function planAll(planner: Duty) {
  const all = { jobs: 0, ticks: 0, gaps: 0, aside: 0 };
  for (let passes = 0; ; passes++) {
    // Passes hold 40 batches each: whoever needs more is going round in circles.
    if (passes > 20) throw new Error(`The planner finds no end: ${JSON.stringify(all)}`);
    const { counts, nextInMs } = await planner.runOnce();
    all.jobs += counts['jobs'] ?? 0;
    all.ticks += counts['ticks'] ?? 0;
    all.gaps += counts['gaps'] ?? 0;
    all.aside += counts['aside'] ?? 0;
    if (nextInMs !== 0) return all;
  }
}

export type TickRow = {
  at: Date;
  dueAt: Date;
  revision: number;
  state: string;
  skipReason: string | null;
  hold: string | null;
};

/** Rows of the ledger that are ticks of a job, in order of time. */
export function ticksOf(sql: Sql, jobId: number): Promise<TickRow[]> {
  return sql<TickRow>(
    `SELECT scheduled_for AS at, due_at AS "dueAt", revision, state, skip_reason AS "skipReason", hold
       FROM run WHERE job_id = $1 AND trigger = 'tick' ORDER BY scheduled_for, id`,
    [jobId],
  );
}

export type GapRow = {
  from: Date;
  to: Date | null;
  reason: string;
  ticks: number | null;
  revision: number;
  note: string;
};

export function gapsOf(sql: Sql, jobId: number): Promise<GapRow[]> {
  return sql<GapRow>(
    `SELECT lower(span) AS "from", upper(span) AS "to", reason, ticks, revision, note
       FROM gap WHERE job_id = $1 ORDER BY lower(span)`,
    [jobId],
  );
}

/** Which schedule was in force from when on, as a test made it so. */
export type InForce = { from: Date; revision: number; schedule: Schedule };

/**
 * Holds the ledger of a job against its schedule's fires in (after, until]: every fire is one row or lies in one gap,
 * by the revision that was in force, and nothing else is there. Returns what is wrong, in words.
 */
export async function accountFor(
  sql: Sql,
  jobId: number,
  { after, until, history }: { after: Date; until: Date; history: readonly InForce[] },
): Promise<string[]> {
  const expected = new Map<number, number>();
  history.forEach(({ from, revision, schedule }, index) => {
    const end = history[index + 1]?.from ?? new Date(until.getTime() + 1);
    const range = {
      after: new Date(Math.max(after.getTime(), from.getTime() - 1)),
      until: new Date(Math.min(until.getTime(), end.getTime() - 1)),
    };
    for (const { at } of fires(schedule, range)) expected.set(at.getTime(), revision);
  });
  const wrong: string[] = [];
  const rows = (await ticksOf(sql, jobId)).filter(({ at }) => at <= until);
  const gaps = await gapsOf(sql, jobId);
  const times = new Map<number, number>();
  for (const { at, revision } of rows) {
    const ms = at.getTime();
    times.set(ms, (times.get(ms) ?? 0) + 1);
    if (!expected.has(ms)) wrong.push(`row at ${at.toISOString()}, which is no fire`);
    else if (expected.get(ms) !== revision) {
      wrong.push(`row at ${at.toISOString()} names revision ${revision}, not ${expected.get(ms)}`);
    }
  }
  const inGap = gaps.map(() => 0);
  for (const [ms, revision] of expected) {
    gaps.forEach(({ from, to, revision: named }, index) => {
      if (ms < from.getTime() || (to !== null && ms >= to.getTime())) return;
      times.set(ms, (times.get(ms) ?? 0) + 1);
      inGap[index]! += 1;
      if (named !== revision)
        wrong.push(`gap over ${iso(ms)} names revision ${named}, not ${revision}`);
    });
    const count = times.get(ms) ?? 0;
    if (count !== 1) wrong.push(`fire at ${iso(ms)} is accounted for ${count} times`);
  }
  gaps.forEach(({ from, to, ticks }, index) => {
    if (to !== null && to <= until && ticks !== null && ticks !== inGap[index]) {
      wrong.push(`gap from ${from.toISOString()} says ${ticks} ticks and has ${inGap[index]}`);
    }
  });
  return wrong;
}

const iso = (ms: number) => new Date(ms).toISOString();
