import type { Sql } from '../db.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import type { Tx } from '../prisma.ts';
import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { nextFire } from '../schedules/fires.ts';
import { countsFromEnd } from '../schedules/from-end.ts';
import { cancelledTicksFrom, carryCancelledTicks, type LockedJob } from './change-over.sql.ts';
import type { JobDefinition } from './definition.ts';
import { jobColumns } from './job-columns.ts';
import { applyOverlapRule, lockLiveRunsOfJob, moveWaitingRuns } from './live-runs.sql.ts';

type NewRevision = {
  savedBy: string;
  job: LockedJob;
  revision: number;
  definition: JobDefinition;
  note: string;
  /** From here on ticks are planned by this revision. */
  from: Date;
  /** To another queue. */
  isMoved: boolean;
};

/** Makes a definition the newest revision of a job that the transaction holds, and moves what waits under it. */
export async function writeRevision(
  tx: Tx,
  sql: Sql,
  { savedBy, job, revision, definition, note, from, isMoved }: NewRevision,
): Promise<void> {
  const before = new Date(from.getTime() - 1);
  await tx.revision.create({
    data: {
      jobId: job.id,
      number: revision,
      definition,
      note,
      createdBy: savedBy,
      // The last instant of the revision before, to the millisecond: whoever recounts the ticks goes by it.
      createdAt: before,
    },
  });
  const schedule = compileSchedule(definition.schedule);
  await tx.job.update({
    where: { id: job.id },
    data: {
      ...jobColumns(definition),
      revision,
      // What a person has edited is theirs, and isn't taken away with the samples.
      isSample: false,
      nextTickAt: nextFire(schedule, before)?.at ?? null,
    },
  });
  const cancelled = await cancelledTicksFrom(sql, job.id, from);
  if (cancelled.length > 0) {
    // What a person cancelled stays cancelled where the new schedule fires at the same instant.
    // Where ticks count from the end of the last run, before and after, that was such an end.
    const kept =
      job.countsFromEnd && countsFromEnd(definition.schedule)
        ? cancelled
        : cancelled.filter((at) => firesAt(schedule, at));
    await carryCancelledTicks(sql, job.id, from, { revision, kept });
  }
  if (isMoved) {
    await lockLiveRunsOfJob(sql, job.id);
    await moveWaitingRuns(sql, job.id, definition.queue);
  }
  await applyOverlapRule(sql, job.id, definition.overlap, definition.maxParallel);
  await switchOpenGaps(sql, [job.id], from);
}

function firesAt(schedule: CompiledSchedule, at: Date): boolean {
  return nextFire(schedule, new Date(at.getTime() - 1))?.at.getTime() === at.getTime();
}
