import type { Sql } from '../db.ts';

export type AuditRow = {
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  reason: string;
  address: string | null;
};

/** Many entries in one statement; through Prisma 10,000 of them would be several, sent side by side. */
export async function insertAuditEntries(sql: Sql, rows: readonly AuditRow[]): Promise<void> {
  await sql(INSERT_AUDIT_ENTRIES, [JSON.stringify(rows)]);
}

const INSERT_AUDIT_ENTRIES = `
INSERT INTO audit_entry (actor, action, subject, before, after, reason, address)
SELECT actor, action, subject, before, after, reason, address
  FROM jsonb_to_recordset($1::text::jsonb) AS e (
    actor text, action text, subject text, before jsonb, after jsonb, reason text, address text)`;
