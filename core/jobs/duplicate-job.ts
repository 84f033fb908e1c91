import { z } from 'zod';
import { knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { type Outcome, refuse } from '../outcome.ts';
import { prisma } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { withoutOwnParts } from '../schedules/complete.ts';
import { createJob, type SavedJob } from './create-job.ts';
import type { JobDefinition } from './definition.ts';
import { freeKey } from './free-key.ts';
import { JobId } from '../ids.ts';

type Labels = Record<string, string>;

export const DuplicateJob = z.object({ jobId: JobId });

/** Copies a job's definition under a free key. A copy with a schedule begins paused, so that nothing runs twice. */
export async function duplicateJob(
  actor: Actor,
  input: z.input<typeof DuplicateJob>,
): Promise<Outcome<SavedJob>> {
  authorizeForSome(actor, 'job:write');
  const parsed = DuplicateJob.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const found = await prisma().job.findFirst({ where: { id: parsed.data.jobId, deletedAt: null } });
  const [job] = knownTo(actor, found ? [{ ...found, labels: found.labels as Labels }] : []);
  if (!job) return refuse('not_found', 'This job isn’t there any more: somebody deleted it.');
  const saved = await prisma().revision.findUniqueOrThrow({
    where: { jobId_number: { jobId: job.id, number: job.revision } },
  });
  const key = await freeKey(prisma(), `${job.key}-copy`);
  const { schedule, ...rest } = saved.definition as JobDefinition;
  const definition = { ...rest, schedule: withoutOwnParts(schedule), key };
  const note = `Copy of ${job.key}, revision ${job.revision}.`;
  return createJob(actor, definition, {
    note,
    ...(job.hasSchedule ? { pausedFor: `${note} Resume it when it is ready.` } : {}),
  });
}
