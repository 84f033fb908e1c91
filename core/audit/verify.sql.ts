import type { Sql } from '../db.ts';
import { ENTRY_CONTENT } from './seal.sql.ts';
import type { SealedRow } from './walk.ts';

/** Seals after `afterSeq` in order, at most `limit`, each with its entry. */
export async function readSealedRows(
  sql: Sql,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<SealedRow[]> {
  const rows = await sql<Row>(SEALED_ROWS, [afterSeq, limit]);
  return rows.map(({ seq, entryId, digest, hash, sealedAt, id, ...entry }) => ({
    seq,
    entryId,
    digest,
    hash,
    sealedAt,
    entry: id === null ? null : entry,
  }));
}

type Row = Omit<SealedRow, 'entry'> & { id: number | null } & NonNullable<SealedRow['entry']>;

const SEALED_ROWS = `
SELECT s.seq, s.entry_id AS "entryId", s.digest, s.hash, s.sealed_at AS "sealedAt", ${ENTRY_CONTENT}
  FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id
 WHERE s.seq > $1::bigint
 ORDER BY s.seq
 LIMIT $2::int`;

/** Entries that have no seal: how many wait for it, and the first of those that don't. */
export async function readUnsealed(
  sql: Sql,
  limit: number,
): Promise<{ waiting: number; strayIds: number[] }> {
  const [row] = await sql<{ waiting: number; strayIds: number[] | null }>(UNSEALED, [limit]);
  return { waiting: row!.waiting, strayIds: (row!.strayIds ?? []).map(Number) };
}

const UNSEALED = `
WITH unsealed AS (
  SELECT e.id, EXISTS (SELECT FROM audit_pending p WHERE p.entry_id = e.id) AS waits
    FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id)
)
SELECT count(*) FILTER (WHERE waits)::int AS waiting,
       (SELECT array_agg(id) FROM (SELECT id FROM unsealed WHERE NOT waits ORDER BY id LIMIT $1::int) AS first) AS "strayIds"
  FROM unsealed`;

export type SavedHead = {
  seq: number;
  hash: string;
  sealedAt: Date | null;
  verifiedAt: Date | null;
  verifiedSeq: number | null;
  findings: number | null;
};

/** Null where the row is gone. */
export async function readHead(sql: Sql): Promise<SavedHead | null> {
  const [head] = await sql<SavedHead>(
    `SELECT seq, hash, sealed_at AS "sealedAt", verified_at AS "verifiedAt", verified_seq AS "verifiedSeq", findings
       FROM audit_head WHERE id = 1`,
  );
  return head ?? null;
}

export async function countPending(sql: Sql): Promise<number> {
  const [row] = await sql<{ waiting: number }>('SELECT count(*) AS waiting FROM audit_pending');
  return row!.waiting;
}

/** That the chain was walked just now. */
export async function writeVerified(
  sql: Sql,
  { seq, findings }: { seq: number; findings: number },
): Promise<void> {
  await sql(
    `UPDATE audit_head SET verified_at = clock_timestamp(), verified_seq = $1::bigint, findings = $2::int WHERE id = 1`,
    [seq, findings],
  );
}

/** Whether the role that asks could change the trail past its rules. */
export type TrailGuard = { role: string; owner: string; couldBeLifted: boolean };

export async function readGuard(sql: Sql): Promise<TrailGuard> {
  const [row] = await sql<TrailGuard>(GUARD);
  return row!;
}

const GUARD = `
SELECT current_user::text AS role, min(pg_get_userbyid(c.relowner))::text AS owner,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
         OR bool_or(pg_has_role(current_user, c.relowner, 'MEMBER'))
         OR bool_or(has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')
                    OR has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')
                    OR has_any_column_privilege(c.oid, 'UPDATE')) AS "couldBeLifted"
  FROM pg_class c WHERE c.oid IN ('audit_entry'::regclass, 'audit_seal'::regclass)`;
