import { z } from 'zod';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { JobId } from '../ids.ts';
import { done, type Outcome } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { severalOf } from './several-of.ts';
import { lockCurrentJobs } from './request.sql.ts';
import {
  GivenParameters,
  makeRun,
  makeRuns,
  Note,
  type Requested,
  type Several,
} from './requests.ts';
import { requestOf } from './request-of.ts';

export const TriggerJob = z.object({
  jobId: JobId,
  /** By name; what isn't given has its default. */
  parameters: GivenParameters.default({}),
  note: Note,
  /** Run it as a test, which counts nowhere. */
  isTest: z.boolean().default(false),
});

/**
 * Starts a run of the job's current revision now, also while the job is paused: a pause holds ticks. While everything is
 * paused nothing starts, and the run waits (`waitsForResume`). A test is a run like another that counts nowhere: not in
 * durations, bars, health or what the job has covered, and what it leaves as the job's state isn't kept.
 */
export async function triggerJob(
  actor: Actor,
  input: z.input<typeof TriggerJob>,
): Promise<Outcome<Requested>> {
  authorizeForSome(actor, 'job:trigger');
  const parsed = TriggerJob.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, parameters, note, isTest } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const found = knownTo(actor, await lockCurrentJobs(sql, [jobId]));
    authorizeAll(actor, 'job:trigger', found);
    const [job] = found;
    const trigger = isTest ? 'test' : 'manual';
    const request = requestOf(actor, job, parameters, { trigger, note });
    if (!request.ok) return request;
    return done(await makeRun(tx, sql, actor, request.value));
  });
}

export const TriggerJobs = z.object({
  jobIds: severalOf(JobId, 'job'),
});

/**
 * Triggers several jobs with the defaults of their parameters; one that can't be doesn't hold up the others. One that the
 * actor may not trigger refuses them all.
 */
export async function triggerJobs(
  actor: Actor,
  input: z.input<typeof TriggerJobs>,
): Promise<Outcome<Several>> {
  authorizeForSome(actor, 'job:trigger');
  const parsed = TriggerJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const jobIds = [...new Set(parsed.data.jobIds)];
  return inTransaction(async (tx, sql) => {
    const found = knownTo(actor, await lockCurrentJobs(sql, jobIds));
    authorizeAll(actor, 'job:trigger', found);
    const jobs = new Map(found.map((job) => [job.jobId, job]));
    return makeRuns(
      tx,
      sql,
      actor,
      jobIds.map((id) => ({
        id,
        request: requestOf(actor, jobs.get(id), {}, { trigger: 'manual', note: '' }),
      })),
    );
  });
}
