import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { JobId } from '../ids.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { lockCurrentJobs } from '../runs/request.sql.ts';
import { readProgress, readStateBody, writeStateIfStillAt } from './job-state.sql.ts';
import { MOST_STATE_BYTES } from './limits.ts';
import { stateText } from './state-text.ts';

const Reason = z
  .string()
  .trim()
  .min(1, 'Say why: whoever wonders later finds it in the audit trail.')
  .max(500, 'A reason has at most 500 characters.');
const Version = z.int().min(0).max(2_147_483_647);
/** The version that was looked at, 0 where there was none; null: write over whichever is the newest. */
const BasedOn = Version.nullable();

export const EditJobState = z.object({
  jobId: JobId,
  basedOn: BasedOn,
  /** Its size in bytes is looked at below; no text of more characters has fewer bytes. */
  body: z.string().max(MOST_STATE_BYTES, `A state has at most ${MOST_STATE_BYTES / 1024} kB.`),
  reason: Reason,
});

export const RestoreJobState = z.object({
  jobId: JobId,
  basedOn: BasedOn,
  version: Version.min(1),
  reason: Reason,
});

/**
 * Writes what the job's next run is given. What runs now was given an earlier version: whatever it leaves isn't kept, so
 * that nobody's edit is lost to a run that began before it.
 */
export async function editJobState(
  actor: Actor,
  input: z.input<typeof EditJobState>,
): Promise<Outcome<{ version: number }>> {
  authorizeForSome(actor, 'job:write');
  const parsed = EditJobState.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { body, ...edit } = parsed.data;
  const text = stateText(new TextEncoder().encode(body));
  if (!text.ok) {
    const message = `This can’t be kept: ${text.problem}.`;
    return refuse('invalid', message, [{ path: ['body'], message }]);
  }
  return write(actor, { ...edit, body, restoredFrom: null });
}

/** Makes an earlier version the newest, as a version of its own. */
export async function restoreJobState(
  actor: Actor,
  input: z.input<typeof RestoreJobState>,
): Promise<Outcome<{ version: number }>> {
  authorizeForSome(actor, 'job:write');
  const parsed = RestoreJobState.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { version, ...edit } = parsed.data;
  return write(actor, { ...edit, restoredFrom: version });
}

type Edit = {
  jobId: number;
  basedOn: number | null;
  reason: string;
} & ({ body: string; restoredFrom: null } | { restoredFrom: number });

async function write(actor: Actor, edit: Edit): Promise<Outcome<{ version: number }>> {
  const { jobId, basedOn, reason, restoredFrom } = edit;
  return inTransaction(async (tx, sql) => {
    const [job] = knownTo(actor, await lockCurrentJobs(sql, [jobId]));
    if (!job) return refuse('not_found', 'There is no such job.');
    authorizeAll(actor, 'job:write', [job]);
    if (job.isDeleted) {
      return refuse('conflict', `${job.key} was deleted: it runs no more, and keeps nothing.`);
    }
    const body = 'body' in edit ? edit.body : await readStateBody(sql, jobId, edit.restoredFrom);
    if (body === undefined) {
      return refuse('not_found', `Version ${restoredFrom} of the state isn’t kept any more.`);
    }
    const version = await writeStateIfStillAt(sql, {
      jobId,
      basedOn,
      body,
      writtenBy: actor.name,
      reason,
      restoredFrom,
    });
    if (version === null) {
      const newest = (await readProgress(sql, jobId))?.stateVersion ?? 0;
      return refuse(
        'conflict',
        `Version ${newest} of the state was written meanwhile. Look at it and edit that one, or write over it.`,
      );
    }
    await audit(tx, actor, {
      action: restoredFrom === null ? 'job.state' : 'job.state.restore',
      subject: `job:${job.key}`,
      before: { version: version - 1 },
      after: {
        version,
        bytes: Buffer.byteLength(body),
        ...(restoredFrom === null ? {} : { restoredFrom }),
      },
      reason,
    });
    await announce(sql, 'job', [jobId]);
    return done({ version });
  });
}
