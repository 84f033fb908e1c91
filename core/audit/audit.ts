import type { Actor } from '../auth/permissions.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import type { Sql } from '../db.ts';
import { sqlIn, type Tx } from '../prisma.ts';
import { type AuditRow, insertAuditEntries } from './audit.sql.ts';
import { whoOf } from './who.ts';

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
  await auditAll(sqlIn(tx), actor, [entry]);
}

/** One entry a subject, in one statement: for changes of many jobs or runs at once. */
export async function auditAll(
  sql: Sql,
  actor: Actor,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await insertAuditEntries(
    sql,
    entries.map((entry) => row(actor, entry)),
  );
}

function row(actor: Actor, { action, subject, before, after, reason }: AuditEntry): AuditRow {
  return {
    ...whoOf(actor),
    action,
    subject,
    before: before ?? null,
    after: after ?? null,
    reason: reason ?? '',
  };
}
