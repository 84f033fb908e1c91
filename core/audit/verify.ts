import { type Actor, authorize } from '../auth/permissions.ts';
import { createPatientClient, sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { directUrl } from '../route.ts';
import {
  countPending,
  readGuard,
  readHead,
  readSealedRows,
  readUnsealed,
  type TrailGuard,
  writeVerified,
} from './verify.sql.ts';
import { ChainWalk, type Finding, MOST_FINDINGS } from './walk.ts';

export type TrailState = {
  /** How many entries are sealed, and the newest seal's hash; 0 and empty before the first. */
  seq: number;
  hash: string;
  sealedAt: string | null;
  /** Entries that wait for their seal. */
  waiting: number;
  /** When the chain was last walked, up to which seal, and how much was wrong. */
  verified: { at: string; seq: number; findings: number } | null;
  guard: TrailGuard;
};

/** How the trail stands, without walking it. */
export async function readTrailState(actor: Actor): Promise<TrailState> {
  authorize(actor, 'audit:read');
  const sql = sqlOf(webPool());
  const [head, waiting, guard] = await Promise.all([
    readHead(sql),
    countPending(sql),
    readGuard(sql),
  ]);
  return {
    seq: head?.seq ?? 0,
    hash: head?.hash ?? '',
    sealedAt: head?.sealedAt?.toISOString() ?? null,
    waiting,
    verified:
      head?.verifiedAt && head.verifiedSeq !== null
        ? {
            at: head.verifiedAt.toISOString(),
            seq: head.verifiedSeq,
            findings: head.findings ?? 0,
          }
        : null,
    guard,
  };
}

export type Verification = {
  /** Seals that were walked, and the newest of them. */
  walked: number;
  head: { seq: number; hash: string };
  /** Entries that wait for their seal; nothing is wrong with them. */
  waiting: number;
  /** Empty where all is as it was sealed; at most MOST_FINDINGS. */
  findings: Finding[];
  guard: TrailGuard;
};

const BATCH = 5_000;

/**
 * Walks the whole chain as of one moment and says what isn't as it was sealed. 100,000 entries take some 3 s, and hold up
 * nobody.
 *
 * @param kept heads that were kept outside, by number: each has to be part of the chain
 */
export async function verifyTrail(
  actor: Actor,
  kept: ReadonlyMap<number, string> = new Map(),
): Promise<Outcome<Verification>> {
  authorize(actor, 'audit:read');
  const client = createPatientClient(directUrl(environment()), 'punctual-audit');
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const sql = sqlOf(client);
    const walk = new ChainWalk(kept);
    for (;;) {
      const rows = await readSealedRows(sql, { afterSeq: walk.seq, limit: BATCH });
      for (const row of rows) walk.take(row);
      if (rows.length < BATCH) break;
    }
    const head = await readHead(sql);
    const { walked, findings } = walk.end(head);
    const { waiting, strayIds } = await readUnsealed(sql, MOST_FINDINGS);
    findings.push(...strayIds.map((entryId) => ({ kind: 'inserted' as const, entryId })));
    const guard = await readGuard(sql);
    await client.query('COMMIT');
    await writeVerified(sql, { seq: walk.seq, findings: findings.length });
    await announce(sql, 'audit');
    return done({
      walked,
      head: { seq: head?.seq ?? 0, hash: head?.hash ?? '' },
      waiting,
      findings: findings.slice(0, MOST_FINDINGS),
      guard,
    });
  } finally {
    await client.end();
  }
}
