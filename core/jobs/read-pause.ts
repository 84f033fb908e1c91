import { z } from 'zod';
import { type Actor, scopeOf } from '../auth/permissions.ts';
import { type Sql, sqlOf } from '../db.ts';
import { type GapOfPause, readGapsOfPauses } from '../gaps/pauses.sql.ts';
import { fromAddress, JobId } from '../ids.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { readDueInPause } from './after-end.sql.ts';
import { countStretches } from './pause-ticks.ts';
import { readPausedJobs } from './pauses.sql.ts';
import { latestTicks } from './resume-answer.ts';

/** What fell into the pauses of jobs so far: what whoever resumes them is asked about. Instants are ISO 8601. */
export type PauseToAnswer = {
  /** Jobs that are paused and fire. */
  jobs: number;
  ticks: number;
  jobsWithTicks: number;
  /** The job with the most ticks. */
  most: { key: string; ticks: number } | null;
  /** The newest tick of all. */
  latestAt: string | null;
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
    const dueAt = due.get(jobId) ?? null;
    return {
      key,
      ticks: countStretches(own) + (dueAt ? 1 : 0),
      latest: dueAt ?? latestTicks(own, null, 1)[0] ?? null,
    };
  });
  const latest = Math.max(...counted.map((job) => job.latest?.getTime() ?? 0), 0);
  const since = Math.min(...pauses.map((pause) => pause.since.getTime()));
  const most = counted.toSorted((a, b) => b.ticks - a.ticks)[0];
  return done({
    jobs: pauses.length,
    ticks: counted.reduce((sum, { ticks }) => sum + ticks, 0),
    jobsWithTicks: counted.filter(({ ticks }) => ticks > 0).length,
    most: most ? { key: most.key, ticks: most.ticks } : null,
    latestAt: latest > 0 ? new Date(latest).toISOString() : null,
    since: Number.isFinite(since) ? new Date(since).toISOString() : null,
    jobsAfterEnd: due.size,
  });
}

export const ReadPauseTicks = z.object({
  jobId: fromAddress(JobId),
  before: z.iso
    .datetime({ offset: true, error: 'Give an instant such as 2026-03-09T00:00:00Z.' })
    .nullish()
    .transform((text) => (text ? new Date(text) : null)),
});

export type PauseTicks = {
  /** Newest first. */
  ticks: string[];
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
  const found = latestTicks(gaps.get(jobId) ?? [], before, PAGE + 1);
  const ticks = found.slice(0, PAGE).map((at) => at.toISOString());
  return done({ ticks, before: found.length > PAGE ? ticks.at(-1)! : null });
}

async function gapsOf(
  sql: Sql,
  pauses: readonly { jobId: number; since: Date }[],
  isOfEverything: boolean,
): Promise<Map<number, GapOfPause[]>> {
  const gaps = await readGapsOfPauses(sql, pauses, isOfEverything ? 'paused_all' : 'paused');
  return Map.groupBy(gaps, ({ jobId }) => jobId);
}
