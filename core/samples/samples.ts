import { authorizeAll } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import { checkDefinition } from '../jobs/check-definition.ts';
import { insertJob } from '../jobs/create-job.ts';
import { deleteLockedJob } from '../jobs/delete-job.ts';
import { freeKey } from '../jobs/free-key.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { sampleDefinitions } from './sample-definitions.ts';

/**
 * Adds the three sample jobs; their runs begin at once.
 * @param healthUrl the console's own /api/health as a worker reaches it; the guard of http jobs must let it through
 * (PUNCTUAL_HTTP_ALLOW)
 */
export async function addSamples(
  actor: Actor,
  { healthUrl }: { healthUrl: string },
): Promise<Outcome<{ jobIds: number[] }>> {
  authorizeForSome(actor, 'job:write');
  return inTransaction(async (tx, sql) => {
    // Two clicks at once take turns, and the second finds the first one's.
    await lockInstallation(sql, 'UPDATE');
    const there = await tx.job.count({ where: { isSample: true, deletedAt: null } });
    if (there > 0) return refuse('conflict', 'The sample jobs are here already.');
    const jobIds: number[] = [];
    for (const sample of sampleDefinitions(healthUrl)) {
      const key = await freeKey(tx, sample.key);
      const checked = checkDefinition({ ...sample, key });
      if (!checked.ok) {
        // Where a kind is switched off, the other samples still show something.
        if (checked.refusal.fields?.[0]?.path.join('.') === 'work.kind') continue;
        return checked;
      }
      const inserted = await insertJob(tx, sql, actor, checked.value, { isSample: true });
      if (!inserted.ok) return inserted;
      jobIds.push(inserted.value.jobId);
    }
    await announce(sql, 'job', jobIds);
    await signalWorkers(sql, 'plan');
    return done({ jobIds });
  });
}

/** Takes the sample jobs away, with what runs of them; a sample that somebody edited is theirs and stays. */
export async function removeSamples(actor: Actor): Promise<Outcome<{ jobIds: number[] }>> {
  authorizeForSome(actor, 'job:write');
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'SHARE');
    const samples = await tx.job.findMany({
      where: { isSample: true, deletedAt: null },
      select: { id: true },
    });
    const jobs = await lockJobs(
      sql,
      samples.map(({ id }) => id),
    );
    authorizeAll(actor, 'job:write', jobs);
    const jobIds: number[] = [];
    for (const job of jobs) {
      // Somebody may have edited it between the two statements.
      if (!job.isSample) continue;
      await deleteLockedJob(tx, sql, actor, job, {
        cancelRunning: true,
        isEverythingPaused: pausedAt !== null,
      });
      jobIds.push(job.id);
    }
    await announce(sql, 'job', jobIds);
    await announce(sql, 'run');
    await signalWorkers(sql, 'cancel');
    return done({ jobIds });
  });
}
