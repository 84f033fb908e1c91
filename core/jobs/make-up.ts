import type { Actor } from '../auth/permissions.ts';
import { coveragesToShow } from '../blackouts/planning-blackouts.sql.ts';
import type { Sql } from '../db.ts';
import { type GapOfPause, type PauseOfJob, readGapsOfPauses } from '../gaps/pauses.sql.ts';
import type { GapReason } from '../gaps/reasons.ts';
import { type Outcome, type Refused, refuse } from '../outcome.ts';
import { requestOf } from '../runs/request-of.ts';
import {
  type CurrentJob,
  insertRequestedRuns,
  lockCurrentJobs,
  type RequestedRun,
} from '../runs/request.sql.ts';
import { dueAfter } from '../schedules/blackouts/due-outside.ts';
import { MOST_OF_A_JOB, MOST_TOGETHER } from './answer-limits.ts';
import { firstInstantAhead } from './change-over.sql.ts';
import { readMadeUpTicks } from './made-up.sql.ts';
import { countStretches } from './pause-ticks.ts';
import { NoTickOfPause, type ResumeAnswer, ticksToRun } from './resume-answer.ts';

/** Why an answer can't be carried out; thrown, so that the pause goes on as it was. */
export class AnswerRefused extends Error {
  override name = 'AnswerRefused';
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.refusal.message);
    this.refused = refused;
  }
}

/** A refused answer as the outcome of a use-case. */
export async function unlessRefused<Value>(
  work: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AnswerRefused) return error.refused;
    throw error;
  }
}

/** What an answer made of one job's pause: a run each tick, where a worker doesn't make them. */
export type MadeUp = { jobId: number; runIds: number[]; ticks: Date[] };

/**
 * Makes the runs that an answer asks for. Their ticks stay in their gaps, so that rule 1 holds as it did; each run names
 * the tick that it stands for (`for_tick`). What would be due in a blackout of its job waits for the end of that, as all
 * that is made up for does. The gaps must have ended in this transaction, whose locks on the jobs keep a
 * second resumer from making them again.
 * @throws AnswerRefused
 */
export async function makeUpFor(
  sql: Sql,
  actor: Actor,
  pauses: readonly (PauseOfJob & { key: string })[],
  reason: Extract<GapReason, 'paused' | 'paused_all'>,
  answer: ResumeAnswer,
): Promise<MadeUp[]> {
  if (answer.rule === 'skip' || pauses.length === 0) return [];
  if (answer.rule === 'pick' && pauses.length > 1) {
    throw refused('Occurrences are picked job by job. Resume the jobs one after the other.');
  }
  const gaps = Map.groupBy(await readGapsOfPauses(sql, pauses, reason), ({ jobId }) => jobId);
  // What was picked was meant, also another time; what a backfill saw to during the pause isn't run once more.
  const madeUp =
    answer.rule === 'pick'
      ? new Map<number, ReadonlySet<number>>()
      : await readMadeUpTicks(sql, [...gaps.values()].flat());
  const ticks = pauses.map(({ jobId, key }) => ({
    jobId,
    ticks: ticksOf(key, gaps.get(jobId) ?? [], madeUp.get(jobId) ?? NONE, answer),
  }));
  const all = ticks.reduce((sum, job) => sum + job.ticks.length, 0);
  if (answer.rule === 'all' && all > MOST_TOGETHER) {
    throw refused(
      `Together that would be ${number(all)} runs, and at most ${number(MOST_TOGETHER)} are made at once. Run the latest of each job, or resume fewer jobs at a time.`,
    );
  }
  // Asked once the jobs are locked: whoever changes a blackout holds those that it hits.
  const now = await firstInstantAhead(sql);
  const jobIds = ticks.flatMap((job) => (job.ticks.length > 0 ? [job.jobId] : []));
  const current = new Map((await lockCurrentJobs(sql, jobIds)).map((job) => [job.jobId, job]));
  const runs = ticks.flatMap((job) =>
    job.ticks.map((tick) => runFor(tick, actor, current.get(job.jobId)!)),
  );
  // Oldest first, whatever the job, and evenly over the minutes.
  runs.sort((a, b) => a.forTick!.getTime() - b.forTick!.getTime());
  const stepMs = (answer.spreadMinutes * 60_000) / Math.max(1, runs.length);
  const coverageOf = await coveragesToShow(sql, jobIds, now);
  const runIds = await insertRequestedRuns(
    sql,
    runs.map((run, n) => {
      const dueAfterMs = Math.floor(n * stepMs);
      const { ms, heldBy } = dueAfter(coverageOf(run.jobId), now.getTime(), dueAfterMs);
      return {
        ...run,
        dueAfterMs,
        ...(heldBy !== null && { held: { until: new Date(ms), by: heldBy } }),
      };
    }),
  );
  const idsOf = Map.groupBy(runIds.entries(), ([n]) => runs[n]!.jobId);
  return ticks.map((job) => ({
    ...job,
    runIds: (idsOf.get(job.jobId) ?? []).map(([, runId]) => runId),
  }));
}

const NONE: ReadonlySet<number> = new Set();

function ticksOf(
  key: string,
  gaps: readonly GapOfPause[],
  madeUp: ReadonlySet<number>,
  answer: ResumeAnswer,
): Date[] {
  try {
    const ticks = ticksToRun(gaps, answer, madeUp);
    if (ticks.length <= MOST_OF_A_JOB) return ticks;
  } catch (error) {
    if (!(error instanceof NoTickOfPause)) throw error;
    throw refused(
      `${error.message} is no occurrence of ${key} in this pause: it was edited or resumed meanwhile. Look again and pick anew.`,
    );
  }
  throw refused(
    `${number(countStretches(gaps) - madeUp.size)} occurrences of ${key} fell into the pause, and at most ${MOST_OF_A_JOB} can be run. Run the latest, pick those that matter, or skip all.`,
  );
}

// All were asked for: they wait for each other where the job's ticks would give way.
function runFor(tick: Date, actor: Actor, job: CurrentJob): RequestedRun {
  const request = requestOf(actor, job, {}, { trigger: 'resume', note: '', forTick: tick });
  if (!request.ok) {
    throw refused(`${job.key}: ${request.refusal.message} Or skip all, and resume it so.`);
  }
  const { overlap } = request.value.definition;
  return { ...request.value, overlap: overlap === 'allow' ? 'allow' : 'queue_all' };
}

const refused = (message: string) => new AnswerRefused(refuse('invalid', message));
const number = (value: number) => value.toLocaleString('en-US');
