import { createHash } from 'node:crypto';

/** An entry as it stands in its row; `before` and `after` are the text that PostgreSQL writes of them. */
export type EntryContent = {
  at: Date;
  actor: string;
  actorId: string | null;
  jobId: number | null;
  action: string;
  subject: string;
  before: string | null;
  after: string | null;
  reason: string;
  address: string | null;
};

export type Link = { seq: number; entryId: number; digest: string; sealedAt: Date };

/** The chain begins with this in the place of a hash before it. */
export const NO_HASH = '';

/**
 * SHA-256 of what an entry says, as 64 hexadecimal digits. Its number isn't part of it, so that two entries that changed
 * places are told from two that were written over. docs/audit.md has the form, for whoever reckons it with other tools.
 */
export function digestOf(entry: EntryContent): string {
  return sha256([
    'punctual-audit/1',
    entry.at.toISOString(),
    entry.actor,
    entry.actorId,
    entry.jobId,
    entry.action,
    entry.subject,
    entry.before,
    entry.after,
    entry.reason,
    entry.address,
  ]);
}

/** The seal's hash, which each later one rests on. */
export function hashOfLink(previousHash: string, { seq, entryId, digest, sealedAt }: Link): string {
  return sha256([previousHash, seq, entryId, digest, sealedAt.toISOString()]);
}

// JSON of texts, numbers and nulls tells every content apart from every other.
const sha256 = (parts: readonly (string | number | null)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
