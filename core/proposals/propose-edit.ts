import { audit } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import type { JobDefinition } from '../jobs/definition.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import type { Tx } from '../prisma.ts';
import type { TrialInput } from '../trials/trial-input.ts';
import { takesTwoPersons, TwoPersonRule } from './two-person-rule.ts';

/** An edit that is ready to be saved. The transaction holds the job. */
export type ReadyEdit = {
  actor: Actor;
  action: 'job.edit' | 'job.restore';
  job: { id: number; key: string; revision: number; labels: Readonly<Record<string, string>> };
  definition: JobDefinition;
  changed: string[];
  note: string;
  trial: TrialInput | undefined;
};

/**
 * Keeps an edit until a second person has looked at it, where a label of the job asks for that; a newer one of the same
 * person takes its place. What Punctual itself edits waits for nobody.
 * @returns the proposal's id, or null where the edit may be saved at once
 */
export async function proposeWhereItTakesTwo(
  tx: Tx,
  sql: Sql,
  edit: ReadyEdit,
): Promise<Outcome<number | null>> {
  const { actor, action, job, definition, note } = edit;
  if (actor.kind !== 'user') return done(null);
  const { twoPersons } = await tx.installation.findUniqueOrThrow({
    where: { id: 1 },
    select: { twoPersons: true },
  });
  if (!takesTwoPersons(TwoPersonRule.parse(twoPersons), [job, definition])) return done(null);
  const open = await tx.proposal.findFirst({ where: { jobId: job.id, state: 'open' } });
  if (open && open.proposerId !== actor.id) {
    return refuse(
      'conflict',
      `An edit of ${open.proposedBy} waits for a second person already. Decide on that one first: /jobs/${job.key}/proposal.`,
    );
  }
  const says = {
    action,
    basedOnRevision: job.revision,
    definition,
    note,
    proposedBy: actor.name,
    proposedAt: new Date(),
    ...(edit.trial && { trial: edit.trial }),
  };
  if (open) await settle(tx, open.id, { state: 'withdrawn', by: actor.name, reason: 'replaced' });
  const { id } = await tx.proposal.create({
    data: { jobId: job.id, proposerId: actor.id, ...says },
    select: { id: true },
  });
  await audit(tx, actor, {
    action: 'proposal.make',
    subject: `job:${job.key}`,
    after: { proposal: id, basedOnRevision: job.revision, changed: edit.changed },
    reason: note,
  });
  await announce(sql, 'job', [job.id]);
  return done(id);
}

export type Settlement = {
  state: 'allowed' | 'refused' | 'withdrawn' | 'overtaken';
  by: string;
  reason?: string;
};

/** Whether it was still open. */
export async function settle(
  tx: Tx,
  id: number,
  { state, by, reason = '' }: Settlement,
): Promise<boolean> {
  const { count } = await tx.proposal.updateMany({
    where: { id, state: 'open' },
    data: { state, decidedBy: by, decidedAt: new Date(), reason },
  });
  return count === 1;
}
