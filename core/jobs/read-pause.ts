import { z } from 'zod';
import { type Actor, scopeOf } from '../auth/permissions.ts';
import { coveragesToShow } from '../blackouts/planning-blackouts.sql.ts';
import { type Sql, sqlOf } from '../db.ts';
import { type GapOfPause, readGapsOfPauses } from '../gaps/pauses.sql.ts';
import { fromAddress, JobId } from '../ids.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { dueOutside } from '../schedules/blackouts/due-outside.ts';
import { readDueInPause } from './after-end.sql.ts';
import { firstInstantAhead } from './change-over.sql.ts';
import { readMadeUpTicks } from './made-up.sql.ts';
import { countStretches } from './pause-ticks.ts';
import { readPausedJobs } from './pauses.sql.ts';
import { latestTicks } from './resume-answer.ts';

/** What fell into the pauses of jobs so far: what whoever resumes them is asked about. Instants are ISO 8601. */
export type PauseToAnswer = {
  /** Jobs that are paused and fire. */
  jobs: number;
  /** Those that a backfill has seen to, or another run, are left out. */
  ticks: number;
  /** So many of those there are. */
  madeUp: number;
  jobsWithTicks: number;
  /** The job with the most ticks. */
  most: { key: string; ticks: number } | null;
  /** The newest tick of all. */
  latestAt: string | null;
  /** Jobs whose newest tick nothing has seen to: what running the latest of each makes. */
  jobsToLatest: number;
  /** The blackout that holds what would run now, the one that lasts longest; null: none does. */
  resting: { name: string; until: string; jobs: number } | null;
  /** Since when the longest of the pauses lasts. */
  since: string | null;
  /** Jobs whose tick counts from the end of their last run, and came due in the pause: one of the ticks each. */
  jobsAfterEnd: number;
};

/** An address holds no more ids. */
const MOST_ASKED = 1_000;

export const ReadPause = z.object({
  /** Ids with commas between them; without them the pause of everything is asked about. */
  jobIds: z
    .string()
    .optional()
    .transform((text) => text?.split(',').map(Number) ?? null)
    .pipe(z.array(JobId).max(MOST_ASKED, 'Ask about at most 1,000 jobs at once.').nullable()),
});

/** Counts, however many ticks there are, and lists none. */
export async function readPause(
  actor: Actor,
  input: z.input<typeof ReadPause>,
): Promise<Outcome<PauseToAnswer>> {
  const scope = scopeOf(actor, 'job:read');
  const parsed = ReadPause.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const sql = sqlOf(webPool());
  const pauses = await readPausedJobs(sql, parsed.data.jobIds, scope);
  const gaps = await gapsOf(sql, pauses, parsed.data.jobIds === null);
  const madeUpOf = await readMadeUpTicks(sql, [...gaps.values()].flat());
  const due = new Map(
    (
      await readDueInPause(
        sql,
        pauses.map(({ jobId }) => jobId),
      )
    ).map(({ jobId, dueAt }) => [jobId, dueAt]),
  );
  const counted = pauses.map(({ jobId, key }) => {
    const own = gaps.get(jobId) ?? [];
    const madeUp = madeUpOf.get(jobId);
    const dueAt = due.get(jobId) ?? null;
    const latest = dueAt ?? latestTicks(own, null, 1)[0] ?? null;
    return {
      jobId,
      key,
      ticks: countStretches(own) - (madeUp?.size ?? 0) + (dueAt ? 1 : 0),
      madeUp: madeUp?.size ?? 0,
      latest: latest && madeUp?.has(latest.getTime()) ? null : latest,
    };
  });
  const withTicks = counted.filter(({ ticks }) => ticks > 0);
  const latest = Math.max(...counted.map((job) => job.latest?.getTime() ?? 0), 0);
  const since = Math.min(...pauses.map((pause) => pause.since.getTime()));
  const most = counted.toSorted((a, b) => b.ticks - a.ticks)[0];
  return done({
    jobs: pauses.length,
    ticks: counted.reduce((sum, { ticks }) => sum + ticks, 0),
    madeUp: counted.reduce((sum, { madeUp }) => sum + madeUp, 0),
    jobsWithTicks: withTicks.length,
    jobsToLatest: withTicks.filter((job) => job.latest !== null).length,
    most: most ? { key: most.key, ticks: most.ticks } : null,
    latestAt: latest > 0 ? new Date(latest).toISOString() : null,
    resting: await restingNow(sql, withTicks),
    since: Number.isFinite(since) ? new Date(since).toISOString() : null,
    jobsAfterEnd: due.size,
  });
}

/** Runs of these jobs would wait for the end of a blackout. */
async function restingNow(
  sql: Sql,
  jobs: readonly { jobId: number }[],
): Promise<PauseToAnswer['resting']> {
  const ids = jobs.map(({ jobId }) => jobId);
  const now = await firstInstantAhead(sql);
  const coverageOf = await coveragesToShow(sql, ids, now);
  const waits = ids.flatMap((jobId) => {
    const coverage = coverageOf(jobId);
    const { ms, heldBy } = dueOutside(coverage, now.getTime());
    return heldBy === null
      ? []
      : [{ ms, name: coverage.partAt(now.getTime())?.blackout.name ?? '' }];
  });
  const last = waits.toSorted((a, b) => b.ms - a.ms)[0];
  return last
    ? { name: last.name, until: new Date(last.ms).toISOString(), jobs: waits.length }
    : null;
}

export const ReadPauseTicks = z.object({
  jobId: fromAddress(JobId),
  before: z.iso
    .datetime({ offset: true, error: 'Give an instant such as 2026-03-09T00:00:00Z.' })
    .nullish()
    .transform((text) => (text ? new Date(text) : null)),
});

export type PauseTicks = {
  /** Newest first; those that are made up for already can be picked all the same. */
  ticks: { at: string; isMadeUp: boolean }[];
  /** Asks for the older ones, where there are any. */
  before: string | null;
};

const PAGE = 50;

/** A page of the ticks that fell into a job's pause, to pick from; found from the end, however many there are. */
export async function readPauseTicks(
  actor: Actor,
  input: z.input<typeof ReadPauseTicks>,
): Promise<Outcome<PauseTicks>> {
  const scope = scopeOf(actor, 'job:read');
  const parsed = ReadPauseTicks.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, before } = parsed.data;
  const sql = sqlOf(webPool());
  const gaps = await gapsOf(sql, await readPausedJobs(sql, [jobId], scope), false);
  const own = gaps.get(jobId) ?? [];
  const found = latestTicks(own, before, PAGE + 1);
  const madeUp = (await readMadeUpTicks(sql, own)).get(jobId);
  const ticks = found
    .slice(0, PAGE)
    .map((at) => ({ at: at.toISOString(), isMadeUp: madeUp?.has(at.getTime()) ?? false }));
  return done({ ticks, before: found.length > PAGE ? ticks.at(-1)!.at : null });
}

async function gapsOf(
  sql: Sql,
  pauses: readonly { jobId: number; since: Date }[],
  isOfEverything: boolean,
): Promise<Map<number, GapOfPause[]>> {
  const gaps = await readGapsOfPauses(sql, pauses, isOfEverything ? 'paused_all' : 'paused');
  return Map.groupBy(gaps, ({ jobId }) => jobId);
}
