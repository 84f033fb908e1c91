import { CONSOLE_CHANNEL, type Sql } from '../db.ts';
import { changePayload } from '../events/events.ts';

export type AuditRow = {
  actor: string;
  /** Of the account, where a person did it. */
  actorId?: string | null;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  reason: string;
  address: string | null;
};

/**
 * Entries in one statement, and the announcement of them. Id and time are the database's to give: the application's role
 * may not say them (prisma/application-role.ts). Which job an entry is about follows from its subject, as of this moment
 * in the transaction that changes it.
 */
export async function insertAuditEntries(sql: Sql, rows: readonly AuditRow[]): Promise<void> {
  await sql(INSERT_AUDIT_ENTRIES, [
    JSON.stringify(rows.map(({ actorId = null, ...row }) => ({ ...row, actor_id: actorId }))),
    CONSOLE_CHANNEL,
    changePayload('audit', []),
  ]);
}

const INSERT_AUDIT_ENTRIES = `
WITH made AS (
  INSERT INTO audit_entry (actor, actor_id, job_id, action, subject, before, after, reason, address)
  SELECT actor, actor_id,
         CASE WHEN subject LIKE 'job:%' THEN
                coalesce((SELECT j.id FROM job j WHERE j.key = substr(subject, 5) AND j.deleted_at IS NULL),
                         (SELECT max(j.id) FROM job j WHERE j.key = substr(subject, 5)))
              WHEN subject ~ '^run:[0-9]{1,15}$' THEN
                (SELECT r.job_id FROM run r WHERE r.id = substr(subject, 5)::bigint LIMIT 1) END,
         action, subject, before, after, reason, address
    FROM jsonb_to_recordset($1::text::jsonb) AS e (
      actor text, actor_id text, action text, subject text, before jsonb, after jsonb, reason text, address text)
  RETURNING 1
)
SELECT pg_notify($2::text, $3::text)::text AS sent FROM (SELECT count(*) FROM made) AS all_made`;
