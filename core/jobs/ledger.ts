import { z } from 'zod';
import { type Actor, authorize, authorizeForSome } from '../auth/permissions.ts';
import { databaseNow } from '../database-now.ts';
import { sqlOf } from '../db.ts';
import { type Keyset, KeysetParameter, writeKeyset } from '../keyset.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { ticksInGap } from '../gaps/gap-ticks.ts';
import { type OutcomeBar, outcomeBars } from '../runs/outcome-bar.ts';
import { durationOf, failedAttempts, type RunSummary, summaryOf } from '../runs/summary.ts';
import {
  type GapRow,
  isJobThere,
  placeOfGap,
  placeOfRun,
  readBarRuns,
  readLedgerGaps,
  readLedgerRuns,
} from './ledger.sql.ts';
import { isJobFor } from './job-for.ts';
import { fromAddress, JobId } from '../ids.ts';

/** A stretch whose ticks became no runs. Instants are ISO 8601. */
export type LedgerGap = {
  id: number;
  reason: GapRow['reason'];
  from: string;
  /** Null while it lasts. */
  to: string | null;
  /** How many ticks it holds, so far while it lasts; null where the schedule can't be read any more. */
  ticks: number | null;
  note: string;
  by: string;
  /** When the pause that still lasts ends by itself; null: when somebody ends it, or it has ended. */
  endsAt: string | null;
  /** The tick whose run stands for all of them: that has begun, still may, or never will (null). */
  cover: { at: string; state: GapRow['cover']; runId: number | null } | null;
};

export type LedgerRow = { kind: 'run'; run: RunSummary } | { kind: 'gap'; gap: LedgerGap };

export type JobLedger = {
  /** Newest first, whichever way one pages. A gap stands at its beginning. */
  rows: LedgerRow[];
  newer: string | null;
  older: string | null;
};

const instant = z.iso
  .datetime({ offset: true, error: 'Give an instant such as 2026-03-09T00:00:00Z.' })
  .nullish()
  .transform((text) => (text ? new Date(text) : null));

export const ReadJobLedger = z.object({
  jobId: fromAddress(JobId),
  from: instant,
  to: instant,
  cursor: KeysetParameter.nullish().transform((cursor) => cursor ?? null),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A page of everything that became of one job's ticks and requests: runs, and the gaps between them. */
export async function readJobLedger(
  actor: Actor,
  input: z.input<typeof ReadJobLedger>,
): Promise<Outcome<JobLedger>> {
  authorizeForSome(actor, 'run:read');
  const parsed = ReadJobLedger.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { cursor, limit, ...stretch } = parsed.data;
  const sql = sqlOf(webPool());
  if (!(await isJobFor(sql, actor, 'run:read', stretch.jobId))) return noSuchJob();
  const now = await databaseNow(sql);
  const [isThere, runs, gaps] = await Promise.all([
    isJobThere(sql, stretch.jobId),
    readLedgerRuns(sql, stretch, cursor, limit + 1),
    readLedgerGaps(sql, stretch, cursor, limit + 1),
  ]);
  if (!isThere) return noSuchJob();
  const placed: Placed[] = [
    ...runs.map((row) => ({
      at: row.scheduledFor.getTime(),
      place: placeOfRun(row.id),
      row: { kind: 'run' as const, run: summaryOf(row) },
    })),
    ...gaps.map((row) => ({
      at: row.from.getTime(),
      place: placeOfGap(row.id),
      row: { kind: 'gap' as const, gap: gapOf(row, now) },
    })),
  ];
  return done(pageOf(placed, cursor, limit));
}

const noSuchJob = () => refuse('not_found', 'There is no such job.');

type Placed = { at: number; place: number; row: LedgerRow };

function pageOf(placed: Placed[], cursor: Keyset | null, limit: number): JobLedger {
  const isOlder = cursor?.direction !== 'newer';
  placed.sort((a, b) => b.at - a.at || b.place - a.place);
  const hasMore = placed.length > limit;
  const page = isOlder ? placed.slice(0, limit) : placed.slice(-limit);
  const keyset = (direction: 'older' | 'newer', row: Placed | undefined) =>
    row ? writeKeyset({ direction, atMs: row.at, id: row.place }) : null;
  return {
    rows: page.map(({ row }) => row),
    older: isOlder && !hasMore ? null : keyset('older', page.at(-1)),
    newer: isOlder ? cursor && keyset('newer', page[0]) : hasMore ? keyset('newer', page[0]) : null,
  };
}

export type JobBars = {
  /** Oldest first. */
  bars: OutcomeBar[];
  /** Whether they are ticks, or all runs of a job that has no schedule. */
  areTicks: boolean;
};

/**
 * The newest ticks of a job that the actor may know of, with the gaps between them; all its runs where it has no schedule.
 *
 * @throws NotAllowed where it isn't one
 */
export async function readJobBars(
  actor: Actor,
  { jobId, hasSchedule, limit }: { jobId: number; hasSchedule: boolean; limit: number },
): Promise<JobBars> {
  const sql = sqlOf(webPool());
  if (!(await isJobFor(sql, actor, 'run:read', jobId))) authorize(actor, 'run:read');
  const now = await databaseNow(sql);
  const runs = await readBarRuns(sql, { jobId, ticksOnly: hasSchedule, limit });
  const first = runs.length === limit ? (runs.at(-1)?.scheduledFor ?? null) : null;
  const gaps = await readLedgerGaps(sql, { jobId, from: first, to: now }, null, limit);
  const bars = outcomeBars(
    runs.map((run) => ({
      ...run,
      durationMs: durationOf(run),
      failedAttempts: failedAttempts(run),
    })),
    gaps.map((gap) => ({ from: gap.from, ticks: ticksInGap(gap, now) ?? 1 })),
    // Cut where the runs are: a gap takes none of their room.
    Number.POSITIVE_INFINITY,
  );
  return { bars, areTicks: hasSchedule };
}

function gapOf(row: GapRow, now: Date): LedgerGap {
  return {
    id: row.id,
    reason: row.reason,
    from: row.from.toISOString(),
    to: row.to?.toISOString() ?? null,
    ticks: ticksInGap(row, now),
    note: row.note,
    by: row.createdBy,
    endsAt: row.endsAt?.toISOString() ?? null,
    cover: row.coveredBy && {
      at: row.coveredBy.toISOString(),
      state: row.cover,
      runId: row.coverRunId,
    },
  };
}
