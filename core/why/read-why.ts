import { type Actor, authorizeForSome, type Scope, scopeOf } from '../auth/permissions.ts';
import { coverageToShow } from '../blackouts/planning-blackouts.sql.ts';
import { type Sql, sqlOf } from '../db.ts';
import { wordsOfGoneRun } from '../history/gone-run.ts';
import { Key } from '../jobs/definition.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { type CrowdRow, readCrowd, readUsual } from './crowd.sql.ts';
import { situationOf } from './situation.ts';
import { isDue, type RunningRun, type WhySnapshot, workersThatFit } from './snapshot.ts';
import { readSituation, type RunningRow } from './snapshot.sql.ts';
import { type Why, whyOf } from './why.ts';

export type AskedWhy = { key: string } | { runId: number };

/**
 * Why a job, or one run, isn't running at this moment. Queues and workers are told of by name and number, whoever asks;
 * jobs that the actor may not know of are “another job”.
 */
export async function readWhy(actor: Actor, asked: AskedWhy): Promise<Outcome<Why>> {
  authorizeForSome(actor, 'job:read');
  return readWhyWith(sqlOf(webPool()), asked, scopeOf(actor, 'run:read'));
}

/** The same on a connection of the caller's, who may read what the scope tells of. */
export async function readWhyWith(sql: Sql, asked: AskedWhy, scope: Scope): Promise<Outcome<Why>> {
  if (!mayExist(asked)) return nothingThere(asked);
  const row = await readSituation(sql, asked, scope);
  if (!row) {
    const gone = 'runId' in asked ? await wordsOfGoneRun(sql, asked.runId) : null;
    return gone === null ? nothingThere(asked) : refuse('not_found', gone);
  }
  const coverage = await coverageToShow(sql, row.jobId, new Date(row.nowMs));
  const { running, ...situation } = situationOf(row, coverage, 'runId' in asked);
  const alone = { ...situation, running: running.map((run) => withUsual(run)), crowd: null };
  const { run } = alone;
  // Who else runs or waits matters once a run could start; durations only where something runs.
  const crowd =
    run !== null && isDue(alone)
      ? await readCrowd(sql, {
          runId: run.id,
          jobId: row.jobId,
          queue: alone.needs.queue,
          priority: alone.needs.priority,
          dueAt: new Date(run.dueAtMs),
          workerIds: workersThatFit(alone).map(({ id }) => id),
          scope,
        })
      : null;
  return done(whyOf(await withDurations(sql, alone, running, crowd)));
}

// More jobs than that would take longer than a glance is worth: of the others nobody says how long they take.
const MOST_DURATIONS = 40;

async function withDurations(
  sql: Sql,
  snapshot: WhySnapshot,
  running: readonly RunningRow[],
  crowd: CrowdRow | null,
): Promise<WhySnapshot> {
  const going = [...running, ...(crowd?.inQueue ?? []), ...(crowd?.onWorkers ?? [])];
  const jobIds = new Set([...going.map(({ jobId }) => jobId), ...(crowd?.aheadJobIds ?? [])]);
  if (jobIds.size === 0) return { ...snapshot, crowd: crowd && crowdOf(crowd, new Map()) };
  const rows = await readUsual(sql, [...jobIds].slice(0, MOST_DURATIONS));
  const usual = new Map(rows.map((row) => [row.jobId, row]));
  return {
    ...snapshot,
    running: running.map((run) => withUsual(run, usual)),
    crowd: crowd && crowdOf(crowd, usual),
  };
}

type Usual = ReadonlyMap<number, { usualMs: number; longMs: number }>;

function crowdOf(row: CrowdRow, usual: Usual): NonNullable<WhySnapshot['crowd']> {
  return {
    inQueue: row.inQueue.map((run) => withUsual(run, usual)),
    onWorkers: row.onWorkers.map((run) => withUsual(run, usual)),
    ahead: row.ahead,
    aheadByPriority: row.aheadByPriority,
    aheadUsualMs: row.aheadJobIds.map((jobId) => usual.get(jobId)?.usualMs ?? null),
  };
}

function withUsual(run: RunningRow, usual?: Usual): RunningRun {
  const { jobId, ...rest } = run;
  const took = usual?.get(jobId);
  return { ...rest, usualMs: took?.usualMs ?? null, longMs: took?.longMs ?? null };
}

// What isn't a key or a number of a run names nothing, and may hold what the database refuses to compare.
const mayExist = (asked: AskedWhy) =>
  'key' in asked
    ? Key.safeParse(asked.key).success
    : Number.isSafeInteger(asked.runId) && asked.runId > 0;

function nothingThere(asked: AskedWhy) {
  return 'key' in asked
    ? refuse(
        'not_found',
        `There is no job ${asked.key}. Perhaps its key was changed, or is mistyped.`,
      )
    : refuse(
        'not_found',
        'There is no such run. Perhaps its history is over, or the number is mistyped.',
      );
}
