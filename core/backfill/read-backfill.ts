import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { type Sql, sqlOf } from '../db.ts';
import { BackfillId, fromAddress, JobId } from '../ids.ts';
import { hideValues, sensitiveIn } from '../jobs/hidden-parameters.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { readNewestDefinition } from '../jobs/revisions.sql.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import type { RunState } from '../runs/states.ts';
import {
  type BackfillRow,
  type Hindrance,
  listBackfills,
  readBackfillRow,
  readHindrance,
  type RunCounts,
} from './backfill.sql.ts';
import { estimateMs } from './pace.ts';
import { readSurroundings } from './preview.sql.ts';

/** A backfill as it is shown. Instants are ISO 8601. */
export type Backfill = {
  id: number;
  jobId: number;
  jobKey: string;
  isJobDeleted: boolean;
  from: string;
  to: string;
  rule: BackfillRow['rule'];
  newestFirst: boolean;
  perMinute: number;
  atOnce: number;
  givesWay: boolean;
  parameters: Record<string, unknown>;
  reason: string;
  state: BackfillRow['state'];
  problem: string | null;
  stoppedByJob: boolean;
  /** How many it was about when it began. */
  expected: number;
  /** How many of those have become runs so far, and how many of them have ended. */
  made: number;
  ended: number;
  /** No run is to come of it but those that were made. */
  isAllMade: boolean;
  /** Looked at and left out, since they had succeeded meanwhile or are run otherwise; null before the end. */
  leftOut: number | null;
  runs: Partial<Record<RunState, number>>;
  createdBy: string;
  createdAt: string;
  changedBy: string | null;
  endedAt: string | null;
};

export const ListBackfills = z.object({ jobId: fromAddress(JobId) });

const MOST_LISTED = 100;

/** The job's latest backfills, the newest first. */
export async function readBackfills(
  actor: Actor,
  input: z.input<typeof ListBackfills>,
): Promise<Outcome<Backfill[]>> {
  authorizeForSome(actor, 'run:read');
  const parsed = ListBackfills.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const sql = sqlOf(webPool());
  if (!(await isJobFor(sql, actor, 'run:read', parsed.data.jobId))) return done([]);
  const rows = await listBackfills(sql, parsed.data.jobId, MOST_LISTED);
  const hide = await hidingOf(sql, actor, parsed.data.jobId);
  return done(rows.map((row) => shown(row, hide)));
}

export const ReadBackfill = z.object({ id: fromAddress(BackfillId) });

/** `leftMs`: how much longer it takes at its rate; null when it is over, or stands still. */
export type BackfillDetail = Backfill & {
  leftMs: number | null;
  /** What it waits for, while it is under way. */
  hindrance: Hindrance | null;
};

export async function readBackfill(
  actor: Actor,
  input: z.input<typeof ReadBackfill>,
): Promise<Outcome<BackfillDetail>> {
  authorizeForSome(actor, 'run:read');
  const parsed = ReadBackfill.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const sql = sqlOf(webPool());
  const row = await readBackfillRow(sql, parsed.data.id);
  if (!row || !(await isJobFor(sql, actor, 'run:read', row.jobId))) {
    return refuse('not_found', 'There is no such backfill. Choose one from the job’s list.');
  }
  const backfill = shown(row, await hidingOf(sql, actor, row.jobId));
  if (backfill.state !== 'running') return done({ ...backfill, leftMs: null, hindrance: null });
  const { medianMs } = await readSurroundings(sql, row.jobId, '');
  const left = Math.max(0, (row.isAllMade ? row.made : row.expected) - backfill.ended);
  // One at a time: how many of its runs find room together is the queue's and the job's to say.
  const leftMs = estimateMs(left, { ...row, atOnce: 1, medianMs });
  return done({ ...backfill, leftMs, hindrance: await readHindrance(sql, row.jobId) });
}

/** Hides what the actor may not see of the values that a backfill gives: what was sensitive then, and what is now. */
async function hidingOf(sql: Sql, actor: Actor, jobId: number): Promise<Hide> {
  const { labels, definition } = await readNewestDefinition(sql, jobId);
  const now = sensitiveIn(definition);
  return ({ parameters, givenTo }) => {
    const then = sensitiveIn(givenTo);
    return hideValues(actor, { labels }, now && then && [...now, ...then], parameters);
  };
}

type Hide = (row: Row) => Record<string, unknown>;

function shown(backfill: Row, hide: Hide): Backfill {
  const { picked: _picked, cursorAt: _cursor, nextDueAt: _due, givenTo: _given, ...row } = backfill;
  const live = (row.runs.queued ?? 0) + (row.runs.running ?? 0);
  return {
    ...row,
    parameters: hide(backfill),
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    ended: Object.values(row.runs).reduce((sum, runs) => sum + runs, 0) - live,
    leftOut: row.isAllMade ? Math.max(0, row.expected - row.made) : null,
  };
}

type Row = BackfillRow & { runs: RunCounts };
