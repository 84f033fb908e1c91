import { audit } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { lockJobs } from '../jobs/change-over.sql.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { auditedValues } from '../jobs/hidden-parameters.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { StartBackfill, type StartBackfillInput } from './backfill-input.ts';
import { insertBackfill, readBackfillUnderWay } from './backfill.sql.ts';
import { requestFor } from './feed.ts';
import { planBackfill } from './preview.ts';

/** `expected`: how many runs it is about. */
export type StartedBackfill = { id: number; expected: number; waitsForResume: boolean };

/**
 * Begins to run occurrences of a stretch of the past: a worker makes their runs, by the job's current revision. A job
 * that is paused is no hindrance, as for a run by hand; a pause that comes later stops the backfill as well.
 */
export async function startBackfill(
  actor: Actor,
  input: StartBackfillInput,
): Promise<Outcome<StartedBackfill>> {
  authorizeForSome(actor, 'job:trigger');
  const parsed = StartBackfill.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const asked = parsed.data;
  if (asked.rule === 'pick' && asked.picked.length === 0) {
    const message = 'Pick at least one occurrence.';
    return refuse('invalid', message, [{ path: ['picked'], message }]);
  }
  return inTransaction(async (tx, sql) => {
    // Waits for whoever else begins one, or edits or deletes the job.
    authorizeAll(actor, 'job:trigger', knownTo(actor, await lockJobs(sql, [asked.jobId])));
    const isKnown = await isJobFor(sql, actor, 'job:read', asked.jobId);
    const planned = await planBackfill(sql, asked, isKnown);
    if (!planned.ok) return planned;
    const { job, from, to, picked, runs } = planned.value;
    const other = await readBackfillUnderWay(sql, asked.jobId, from, to);
    if (other) {
      return refuse(
        'conflict',
        `Backfill ${other.id} is about some of these occurrences and isn’t over. Wait for it or cancel it, or choose another stretch.`,
      );
    }
    const request = requestFor({ ...asked, createdBy: actor.name, sensitive: [] }, job);
    if (!request.ok) return request;
    if (runs === 0) {
      return refuse(
        'conflict',
        planned.value.counts.occurrences === 0
          ? `${job.key} has no occurrence in this stretch. Choose another.`
          : `Every occurrence of ${job.key} in this stretch has succeeded or is still to run. Choose “all” to run them once more.`,
      );
    }
    const id = await insertBackfill(sql, {
      ...asked,
      from,
      to,
      picked: picked.map((ms) => new Date(ms)),
      expected: runs,
      createdBy: actor.name,
    });
    await audit(tx, actor, {
      action: 'job.backfill',
      subject: `job:${job.key}`,
      after: {
        backfill: id,
        from: from.toISOString(),
        to: to.toISOString(),
        rule: asked.rule,
        newestFirst: asked.newestFirst,
        perMinute: asked.perMinute,
        atOnce: asked.atOnce,
        expected: runs,
        ...(Object.keys(asked.parameters).length > 0 && {
          parameters: auditedValues(request.value.definition.parameters, asked.parameters),
        }),
      },
      reason: asked.reason,
    });
    await announce(sql, 'run');
    await announce(sql, 'job', [asked.jobId]);
    await signalWorkers(sql, 'feed');
    return done({ id, expected: runs, waitsForResume: job.isEverythingPaused });
  });
}
