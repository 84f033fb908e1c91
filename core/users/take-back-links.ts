import { auditAll } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { inTransaction } from '../prisma.ts';

/**
 * Takes back what somebody who isn't an admin any more gave out and nobody has used yet: invitations, and links for
 * passwords of others. Who leaves must not come back by a link of their own. Who made it says the trail.
 */
export async function takeBackLinksOf(sql: Sql, actor: Actor, userId: string): Promise<void> {
  const invitations = await sql<{ subject: string; grants: unknown; email: string | null }>(
    TAKE_BACK_INVITATIONS,
    [userId],
  );
  const links = await sql<{ subject: string }>(TAKE_BACK_PASSWORD_LINKS, [userId]);
  await auditAll(sql, actor, [
    ...invitations.map(({ subject, grants, email }) => ({
      action: 'invitation.revoke',
      subject,
      before: { grants: grants as object, email },
      reason: WHY,
    })),
    ...links.map(({ subject }) => ({
      action: 'user.password_link_revoke',
      subject,
      reason: WHY,
    })),
  ]);
}

/** Of a restored backup: one that was accepted after it was taken would be good a second time. */
export async function takeBackOpenInvitations(actor: Actor): Promise<void> {
  await inTransaction(async (_tx, sql) => {
    const open = await sql<{ subject: string; grants: unknown; email: string | null }>(
      `DELETE FROM invitation i WHERE accepted_at IS NULL RETURNING 'invitation:' || i.id AS subject, i.grants, i.email`,
    );
    await auditAll(
      sql,
      actor,
      open.map(({ subject, grants, email }) => ({
        action: 'invitation.revoke',
        subject,
        before: { grants: grants as object, email },
        reason: 'It may have been used since the backup was taken.',
      })),
    );
  });
}

const WHY = 'Whoever made it isn’t an admin any more.';

const TAKE_BACK_INVITATIONS = `
DELETE FROM invitation i
 WHERE i.accepted_at IS NULL
   AND EXISTS (SELECT FROM audit_entry e
                WHERE e.subject = 'invitation:' || i.id AND e.action = 'invitation.create' AND e.actor_id = $1::text)
RETURNING 'invitation:' || i.id AS subject, i.grants, i.email`;

// A link's row says until when it is good, and so does the entry of its making.
const TAKE_BACK_PASSWORD_LINKS = `
DELETE FROM verification v
 USING audit_entry e
 WHERE v.identifier LIKE 'password:%:admin:%' AND e.subject = 'user:' || split_part(v.identifier, ':', 2)
   AND e.action = 'user.password_link' AND e.actor_id = $1::text
   AND (e.after ->> 'expiresAt')::timestamptz = to_timestamp(split_part(v.identifier, ':', 4)::bigint / 1000.0)
RETURNING e.subject`;
