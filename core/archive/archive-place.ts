import { randomUUID } from 'node:crypto';
import { insertAuditEntries } from '../audit/audit.sql.ts';
import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import { installationFolder } from './manifest.ts';
import { setPlace } from './months.sql.ts';
import { type ArchivePlace, ArchiveProblem, readWhole } from './place.ts';

/**
 * Writes something small and reads it back: a key that is wrong or a folder that isn't there shows when a worker starts, and
 * not when the first month is due.
 * @throws ArchiveProblem where the place can't be used
 */
export async function tryPlace(place: ArchivePlace, uuid: string): Promise<void> {
  const key = `${installationFolder(uuid)}reachable`;
  const bytes = Buffer.from(`${randomUUID()}\n`);
  await place.put(key, bytes);
  const pieces = await place.get(key);
  const read = pieces && (await readWhole(pieces, 1_000));
  if (!read?.equals(bytes)) {
    throw new ArchiveProblem(`${place.name} doesn’t give back what was stored there: ${key}.`);
  }
}

/**
 * Says where months go from now on, so that no worker drops one that isn't there, not even one that knows of no archive.
 * The caller's transaction.
 * @param by who says so; a worker does it as Punctual
 * @returns whether that was something new
 */
export async function announcePlace(
  sql: Sql,
  by: { actor: string; actorId?: string | null; address: string | null },
  place: string | null,
): Promise<boolean> {
  const changed = await setPlace(sql, place);
  if (!changed) return false;
  await insertAuditEntries(sql, [
    {
      ...by,
      action: 'archive.place',
      subject: 'installation',
      before: { place: changed.before },
      after: { place },
      reason: '',
    },
  ]);
  await announce(sql, 'installation');
  return true;
}
