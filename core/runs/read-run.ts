import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { readStateOfRun } from '../job-state/job-state.sql.ts';
import { wordsOfGoneRun } from '../history/gone-run.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { hideDefaults, hideValues, sensitiveIn } from '../jobs/hidden-parameters.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import {
  isRunThere,
  readAttemptRows,
  readLastGoodRun,
  readNeighbours,
  readRetriesOf,
  readRunRow,
  readRunsBefore,
} from './reads-run.sql.ts';
import { isRunFor } from './run-for.ts';
import { type RunSummary, type RunRow, summaryOf } from './summary.ts';
import { type Segment, timelineOf } from './timeline.ts';

export type RunDetail = {
  run: RunSummary & {
    parameters: Record<string, unknown> | null;
    cancelledBy: string | null;
    /** Its success moves the job on: neither a test nor a run with other parameters than the job's own. */
    coversForJob: boolean;
    logLines: number;
    logBytes: number;
    /** The version of the job's state that it wrote; null: none that was kept. */
    wroteState: number | null;
  };
  /** The job's current revision, to say whether the run's is still the one. */
  jobRevision: number | null;
  /** What the run runs; null when this version of Punctual can't read it any more. */
  definition: JobDefinition | null;
  timeline: Segment[];
  /** The run that this one tries again, and those that try this one again. */
  retryOf: RunSummary | null;
  retriedBy: RunSummary[];
  /** The latest run before it that succeeded. */
  lastGood: (RunSummary & { parameters: Record<string, unknown> | null }) | null;
  /** How many runs before it ended badly in a row, how many of these in the same way, and since when. */
  failingStreak: FailingStreak | null;
  previousId: number | null;
  nextId: number | null;
};

export type FailingStreak = {
  /** Runs before this one; `isMore`: there are more than were looked at. */
  runs: number;
  sameCause: number;
  /** scheduledFor of the first run that ended badly the same way. */
  since: string;
  isMore: boolean;
};

const NOT_FOUND = 'There is no such run. Perhaps its history is over, or the number is mistyped.';
const STREAK_LOOK = 100;

/** Whether the ledger has such a run that the actor may know of: perhaps it never had, perhaps its history is over. */
export async function isRunKnown(actor: Actor, id: number): Promise<boolean> {
  const sql = sqlOf(webPool());
  return (await isRunFor(sql, actor, 'run:read', id)) && isRunThere(sql, id);
}

export async function readRun(actor: Actor, id: number): Promise<Outcome<RunDetail>> {
  authorizeForSome(actor, 'run:read');
  if (!Number.isSafeInteger(id) || id < 1) return refuse('not_found', NOT_FOUND);
  const sql = sqlOf(webPool());
  const row = (await isRunFor(sql, actor, 'run:read', id)) && (await readRunRow(sql, id));
  if (!row) return refuse('not_found', (await wordsOfGoneRun(sql, id)) ?? NOT_FOUND);
  const [attempts, retries, original, before, neighbours, wroteState] = await Promise.all([
    readAttemptRows(sql, id, row.scheduledFor),
    readRetriesOf(sql, id),
    row.retryOf === null ? undefined : readRunRow(sql, row.retryOf),
    readRunsBefore(sql, row, STREAK_LOOK),
    readNeighbours(sql, row),
    row.state === 'succeeded' ? readStateOfRun(sql, row.jobId, id) : null,
  ]);
  const good = before.find((run) => run.state === 'succeeded');
  const lastGood = good ?? (before.length === STREAK_LOOK ? await readLastGoodRun(sql, row) : null);
  // With its own revision, which says what was sensitive then.
  const lastGoodRow = lastGood && (await readRunRow(sql, lastGood.id));
  const definition = JobDefinition.safeParse(row.definition).data ?? null;
  const job = { labels: row.jobLabels ?? {} };
  const parametersOf = (run: typeof row) =>
    hideValues(actor, job, sensitiveIn(run.definition), run.parameters);
  return done({
    run: {
      ...summaryOf(row),
      parameters: parametersOf(row),
      cancelledBy: row.cancelledBy,
      coversForJob: row.coversForJob,
      isOnTrial: row.isOnTrial,
      logLines: row.logLines,
      logBytes: row.logBytes,
      wroteState,
    },
    jobRevision: row.jobRevision,
    definition: hideDefaults(actor, job, definition),
    timeline: timelineOf(row, attempts),
    retryOf: original ? summaryOf(original) : null,
    retriedBy: retries.map(summaryOf),
    lastGood: lastGood
      ? {
          ...summaryOf(lastGood),
          parameters: lastGoodRow ? parametersOf(lastGoodRow) : null,
        }
      : null,
    failingStreak: failingStreak(row, before),
    ...neighbours,
  });
}

function failingStreak(run: RunRow, before: readonly RunRow[]): FailingStreak | null {
  if (run.state !== 'failed' && run.state !== 'timed_out' && run.state !== 'lost') return null;
  const firstGood = before.findIndex((earlier) => earlier.state === 'succeeded');
  const bad = firstGood === -1 ? before : before.slice(0, firstGood);
  if (bad.length === 0) return null;
  const isSame = (other: RunRow) => other.state === run.state && other.cause === run.cause;
  const firstOther = bad.findIndex((earlier) => !isSame(earlier));
  const same = firstOther === -1 ? bad : bad.slice(0, firstOther);
  const first = same.at(-1) ?? run;
  return {
    runs: bad.length,
    sameCause: same.length,
    since: first.scheduledFor.toISOString(),
    isMore: firstGood === -1 && before.length === STREAK_LOOK,
  };
}
