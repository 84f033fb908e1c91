import type { Sql } from '../db.ts';
import type { EntryContent, Link } from './digest.ts';

/** The newest seal; `seq` 0 and an empty hash before the first. */
export type Head = { seq: number; hash: string };

/** Null while another worker seals, or where the row is gone. */
export async function lockHeadIfFree(sql: Sql): Promise<Head | null> {
  const [head] = await sql<Head>(
    'SELECT seq, hash FROM audit_head WHERE id = 1 FOR UPDATE SKIP LOCKED',
  );
  return head ?? null;
}

/** Whether there is anything to seal; asked often, so it locks and writes nothing. */
export async function isAnyPending(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ any: boolean }>(`SELECT ${ANY_PENDING} AS any`);
  return row!.any;
}

export const ANY_PENDING = 'EXISTS (SELECT FROM audit_pending)';

export type SealableEntry = EntryContent & { id: number };

/** The columns of an entry as they are digested. */
export const ENTRY_CONTENT = `
  e.id, e.at, e.actor, e.actor_id AS "actorId", e.job_id AS "jobId", e.action, e.subject, e.before::text AS before,
  e.after::text AS after, e.reason, e.address`;

/**
 * Takes entries out of those that wait, at most `limit`, in the order of their ids. `taken` also counts what turns out to
 * be sealed already: a restore marks every entry as waiting.
 */
export async function takePending(
  sql: Sql,
  limit: number,
): Promise<{ entries: SealableEntry[]; taken: number }> {
  const rows = await sql<SealableEntry & { pendingId: number; isSealed: boolean }>(TAKE_PENDING, [
    limit,
  ]);
  const entries = rows.filter(({ id, isSealed }) => id !== null && !isSealed);
  return { entries, taken: rows.length };
}

const TAKE_PENDING = `
WITH taken AS (
  DELETE FROM audit_pending
   WHERE entry_id = ANY (ARRAY(SELECT entry_id FROM audit_pending ORDER BY entry_id LIMIT $1::int))
  RETURNING entry_id
)
SELECT t.entry_id AS "pendingId", EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = t.entry_id) AS "isSealed",
       ${ENTRY_CONTENT}
  FROM taken t LEFT JOIN audit_entry e ON e.id = t.entry_id
 ORDER BY t.entry_id`;

export type Seal = Link & { hash: string };

/** Adds the seals and moves the head to the last of them. */
export async function writeSeals(sql: Sql, seals: readonly Seal[]): Promise<void> {
  await sql(WRITE_SEALS, [
    seals.map(({ seq }) => seq),
    seals.map(({ entryId }) => entryId),
    seals.map(({ digest }) => digest),
    seals.map(({ hash }) => hash),
    seals.map(({ sealedAt }) => sealedAt.toISOString()),
  ]);
}

const WRITE_SEALS = `
WITH made AS (
  INSERT INTO audit_seal (seq, entry_id, digest, hash, sealed_at)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[])
  RETURNING seq, hash, sealed_at
)
UPDATE audit_head h SET seq = m.seq, hash = m.hash, sealed_at = m.sealed_at
  FROM (SELECT seq, hash, sealed_at FROM made ORDER BY seq DESC LIMIT 1) m
 WHERE h.id = 1`;

/** By the database's clock, as the rows that it is written to. */
export async function readNow(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) AS now`,
  );
  return row!.now;
}
