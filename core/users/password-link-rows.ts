import { randomUUID } from 'node:crypto';
import { hashOf } from '../auth/invitation-token.ts';
import type { Sql } from '../db.ts';
import { prisma, type Tx } from '../prisma.ts';

/** Who gave the link on: only one that went by mail shows that whoever has it reads that mail. */
export type SentBy = 'admin' | 'mail';

export type PasswordLink = { userId: string; sentBy: SentBy; state: 'open' | 'used' | 'over' };

// Rows of better-auth's table go when they expire. These stay a while longer, to tell what became of a link.
const KEPT_MS = 30 * 86_400_000;

export async function putPasswordLink(
  tx: Tx,
  token: string,
  { userId, sentBy, expiresAt }: { userId: string; sentBy: SentBy; expiresAt: Date },
): Promise<void> {
  await tx.verification.create({
    data: {
      id: randomUUID(),
      identifier: `password:${userId}:${sentBy}:${expiresAt.getTime()}`,
      value: hashOf(token),
      expiresAt: new Date(expiresAt.getTime() + KEPT_MS),
    },
  });
}

export async function findPasswordLink(token: string): Promise<PasswordLink | null> {
  const row = await prisma().verification.findFirst({ where: { value: hashOf(token) } });
  return row && read(row.identifier, row.expiresAt);
}

/** Marks the link as used, once however often it is pressed at the same moment; null where it is no longer open. */
export async function spendPasswordLink(sql: Sql, token: string): Promise<PasswordLink | null> {
  const [row] = await sql<{ identifier: string; expires_at: Date }>(
    `UPDATE verification SET identifier = 'used-' || identifier
      WHERE value = $1::text AND identifier LIKE 'password:%'
      RETURNING substr(identifier, 6) AS identifier, expires_at`,
    [hashOf(token)],
  );
  const link = row ? read(row.identifier, row.expires_at) : null;
  return link?.state === 'open' ? link : null;
}

/** Links that could still be used, of one person. */
export async function dropPasswordLinks(tx: Tx, userId: string): Promise<void> {
  await tx.verification.deleteMany({ where: { identifier: { startsWith: `password:${userId}` } } });
}

function read(identifier: string, keptUntil: Date): PasswordLink | null {
  const parts = /^(used-)?password:([^:]+)(?::(admin|mail):(\d+))?$/.exec(identifier);
  if (!parts) return null;
  const [, used, userId, sentBy, until] = parts;
  const isOver = Math.min(Number(until ?? Infinity), keptUntil.getTime()) <= Date.now();
  return {
    userId: userId!,
    sentBy: sentBy === 'mail' ? 'mail' : 'admin',
    state: used ? 'used' : isOver ? 'over' : 'open',
  };
}
