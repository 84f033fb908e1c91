import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { announce } from '../events/events.ts';
import { ProposalId } from '../ids.ts';
import { authorizeEditor } from '../jobs/authorize-save.ts';
import { lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import { allowEdit, type EditedJob } from '../jobs/edit-job.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { settle } from './propose-edit.ts';

export const OneProposal = z.object({ id: ProposalId });

/** The second person lets an edit become the newest revision; it takes what saving it would take. */
export async function allowProposal(
  actor: Actor,
  input: z.input<typeof OneProposal>,
): Promise<Outcome<EditedJob>> {
  authorizeForSome(actor, 'job:read');
  const parsed = OneProposal.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const proposal = await prisma().proposal.findUnique({ where: { id: parsed.data.id } });
  const isKnown = proposal && (await isJobFor(sqlOf(webPool()), actor, 'job:read', proposal.jobId));
  if (!isKnown) return refuse('not_found', NO_LONGER);
  if (actor.kind !== 'user' || actor.id === proposal.proposerId) {
    return refuse(
      'not_allowed',
      'You proposed this edit yourself: somebody else who may edit the job has to allow it.',
    );
  }
  return allowEdit(actor, proposal);
}

export const RefuseProposal = z.object({
  id: ProposalId,
  reason: z
    .string()
    .trim()
    .min(1, 'Say why, for whoever proposed it.')
    .max(500, 'A reason has at most 500 characters.'),
});

/** The second person says no. */
export async function refuseProposal(
  actor: Actor,
  input: z.input<typeof RefuseProposal>,
): Promise<Outcome<null>> {
  authorizeForSome(actor, 'job:read');
  const parsed = RefuseProposal.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return end(actor, parsed.data.id, { state: 'refused', reason: parsed.data.reason });
}

/** Whoever proposed an edit takes it back. */
export async function withdrawProposal(
  actor: Actor,
  input: z.input<typeof OneProposal>,
): Promise<Outcome<null>> {
  authorizeForSome(actor, 'job:read');
  const parsed = OneProposal.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return end(actor, parsed.data.id, { state: 'withdrawn', reason: '' });
}

async function end(
  actor: Actor,
  id: number,
  { state, reason }: { state: 'refused' | 'withdrawn'; reason: string },
): Promise<Outcome<null>> {
  return inTransaction(async (tx, sql) => {
    const proposal = await tx.proposal.findUnique({ where: { id } });
    await lockInstallation(sql, 'SHARE');
    const [job] = proposal ? knownTo(actor, await lockJobs(sql, [proposal.jobId])) : [];
    if (!proposal || !job) return refuse('not_found', NO_LONGER);
    const isOwn = actor.kind === 'user' && actor.id === proposal.proposerId;
    if (state === 'withdrawn' && !isOwn) {
      return refuse('not_allowed', 'Only who proposed an edit takes it back. Refuse it instead.');
    }
    if (!isOwn) authorizeEditor(actor, job);
    if (!(await settle(tx, id, { state, by: actor.name, reason }))) {
      return refuse('conflict', NO_LONGER);
    }
    await audit(tx, actor, {
      action: state === 'refused' ? 'proposal.refuse' : 'proposal.withdraw',
      subject: `job:${job.key}`,
      after: { proposal: id, proposedBy: proposal.proposedBy },
      reason,
    });
    await announce(sql, 'job', [job.id]);
    return done(null);
  });
}

const NO_LONGER = 'This edit doesn’t wait any more: it was decided, or taken back, meanwhile.';
