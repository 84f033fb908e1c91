import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { fromAddress, JobId } from '../ids.ts';
import { authorizeEditor } from '../jobs/authorize-save.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { endTrial, type EndedTrial } from './end-trial.ts';
import { readFigures, readTrials, type TrialRow } from './trials.sql.ts';
import type { Figures } from './verdict.ts';

/** A trial as a page shows it; instants are ISO 8601. */
export type Trial = Omit<TrialRow, 'jobId' | 'untilAt' | 'startedAt' | 'endedAt' | 'figures'> & {
  untilAt: string;
  startedAt: string;
  endedAt: string | null;
  /** Of one that goes on: as of now. */
  figures: Figures | null;
};

const MOST_TRIALS = 20;

export const ReadTrials = z.object({ jobId: fromAddress(JobId) });

/** The trials of a job, the newest first; at most the first goes on. */
export async function readTrialsOf(
  actor: Actor,
  input: z.input<typeof ReadTrials>,
): Promise<Outcome<Trial[]>> {
  authorizeForSome(actor, 'job:read');
  const parsed = ReadTrials.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const sql = sqlOf(webPool());
  if (!(await isJobFor(sql, actor, 'job:read', parsed.data.jobId))) return done([]);
  const rows = await readTrials(sql, parsed.data.jobId, MOST_TRIALS);
  return done(
    await Promise.all(
      rows.map(async ({ jobId: _, ...row }) => ({
        ...row,
        untilAt: row.untilAt.toISOString(),
        startedAt: row.startedAt.toISOString(),
        endedAt: row.endedAt?.toISOString() ?? null,
        figures:
          row.endedAt === null
            ? await readFigures(sql, { ...row, jobId: parsed.data.jobId })
            : row.figures,
      })),
    ),
  );
}

export const EndTrial = z.object({ jobId: JobId, outcome: z.enum(['went_on', 'went_back']) });

/** Ends a trial before it is judged. */
export async function endTrialByHand(
  actor: Actor,
  input: z.input<typeof EndTrial>,
): Promise<Outcome<EndedTrial>> {
  authorizeEditor(actor);
  const parsed = EndTrial.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, outcome } = parsed.data;
  const ended = await inTransaction((_tx, sql) =>
    endTrial(sql, actor, jobId, { outcome, reason: 'by_hand' }),
  );
  return ended
    ? done(ended)
    : refuse('conflict', 'No revision is on trial any more: the trial has ended meanwhile.');
}
