import type { Actor } from '../auth/permissions.ts';
import { Prisma } from '#prisma/generated/client.ts';
import type { Tx } from '../prisma.ts';

export type AuditEntry = {
  /** Verb of the use-case: `job.pause`. */
  action: string;
  /** Noun and name: `job:nightly-backup`, `run:48213`. */
  subject: string;
  before?: Prisma.InputJsonValue;
  after?: Prisma.InputJsonValue;
  reason?: string;
};

/** Rule 11: written in the same transaction as the change. */
export async function audit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> {
  await tx.auditEntry.create({ data: row(actor, entry) });
}

/** One entry a subject, in one statement: for changes of many jobs or runs at once. */
export async function auditAll(
  tx: Tx,
  actor: Actor,
  entries: readonly AuditEntry[],
): Promise<void> {
  await tx.auditEntry.createMany({ data: entries.map((entry) => row(actor, entry)) });
}

function row(actor: Actor, entry: AuditEntry): Prisma.AuditEntryCreateManyInput {
  return {
    actor: actor.name,
    action: entry.action,
    subject: entry.subject,
    before: entry.before ?? Prisma.DbNull,
    after: entry.after ?? Prisma.DbNull,
    reason: entry.reason ?? '',
    address: actor.kind === 'user' ? actor.address : null,
  };
}
