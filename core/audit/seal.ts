import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import { digestOf, hashOfLink } from './digest.ts';
import {
  type Head,
  lockHeadIfFree,
  readNow,
  type Seal,
  takePending,
  writeSeals,
} from './seal.sql.ts';
import type { SealableEntry } from './seal.sql.ts';

/**
 * Seals entries that wait, at most `limit`, in one transaction of the caller's. One seals at a time; writers of entries
 * wait for nobody. An entry that is committed late gets the next place, whatever its id.
 *
 * @returns how many were sealed, and whether more may wait
 */
export async function sealPending(
  sql: Sql,
  limit: number,
): Promise<{ sealed: number; isMore: boolean }> {
  const head = await lockHeadIfFree(sql);
  if (!head) return { sealed: 0, isMore: false };
  const { entries, taken } = await takePending(sql, limit);
  const isMore = taken === limit;
  if (entries.length === 0) return { sealed: 0, isMore };
  const seals = sealsAfter(head, entries, await readNow(sql));
  await writeSeals(sql, seals);
  await announce(sql, 'audit');
  return { sealed: seals.length, isMore };
}

/** Each rests on the one before it. */
export function sealsAfter(head: Head, entries: readonly SealableEntry[], sealedAt: Date): Seal[] {
  let { seq, hash } = head;
  return entries.map((entry) => {
    seq += 1;
    const link = { seq, entryId: entry.id, digest: digestOf(entry), sealedAt };
    hash = hashOfLink(hash, link);
    return { ...link, hash };
  });
}
