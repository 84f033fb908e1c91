import type pg from 'pg';
import { isAnyPending } from '#core/audit/seal.sql.ts';
import { sealPending } from '#core/audit/seal.ts';
import { sqlOf, transaction } from '#core/db.ts';
import type { Duty } from './duty.ts';

export type AuditSealerConfig = { pool: pg.Pool; intervalMs?: number };

// 1,000 entries take some 30 ms; a crowd of them is sealed in turns with the work.
const BATCH = 1_000;

/** Chains the entries of the audit trail by hash (docs/audit.md), so that whoever changes one afterwards is found out. */
export function createAuditSealer({ pool, intervalMs = 1_000 }: AuditSealerConfig): Duty {
  const sql = sqlOf(pool);
  return { name: 'audit-sealer', intervalMs, runOnce };

  async function runOnce() {
    if (!(await isAnyPending(sql))) return { counts: { sealed: 0 } };
    const { sealed, isMore } = await transaction(pool, (own) => sealPending(own, BATCH));
    return isMore ? { counts: { sealed }, nextInMs: 0 } : { counts: { sealed } };
  }
}
