import type pg from 'pg';
import { insertAuditEntries } from '../audit/audit.sql.ts';
import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import { inTransactionOf } from '../history/alone.ts';
import { readOldMonths } from '../history/months.sql.ts';
import { tryPlace } from './archive-place.ts';
import { type ArchivedMonth, noteReached, readArchiveState, setArchived } from './months.sql.ts';
import type { ArchivePlace } from './place.ts';
import { type Step, writeStep } from './write-month.ts';

/** What one step of archiving did; `nothing`: no month waits for it. `elsewhere`: months go to another place by now. */
export type ArchiveStep =
  | { did: 'nothing' | 'elsewhere'; backSince: Date | null }
  | { did: Step['did']; month: string; backSince: Date | null };

/** A place that wasn't used for so long is tried, so that its trouble shows before a month is due. */
const TRY_AFTER_MS = 3_600_000;

/**
 * Takes the archive of the oldest month that waits for it one step further.
 * @param client alone with history (aloneWithHistory), with no transaction open
 * @throws ArchiveProblem where the place can't be used
 */
export async function archiveStep(
  sql: Sql,
  client: pg.ClientBase,
  place: ArchivePlace,
  restShare?: number,
): Promise<ArchiveStep> {
  const state = await readArchiveState(sql);
  if (state.place !== place.name) return { did: 'elsewhere', backSince: null };
  const waiting = (await readOldMonths(sql)).find(
    ({ isArchived, tables }) => !isArchived && tables.length === 3,
  );
  if (!waiting) {
    const isQuiet = state.reachedAt && Date.now() - state.reachedAt.getTime() < TRY_AFTER_MS;
    if (isQuiet && state.failingSince === null) return { did: 'nothing', backSince: null };
    await tryPlace(place, state.uuid);
    return { did: 'nothing', backSince: await noteReached(sql) };
  }
  const { month } = waiting;
  const step = await writeStep(sql, { uuid: state.uuid, month, place }, restShare);
  const backSince = await noteReached(sql);
  if (step.did === 'finished') {
    await inTransactionOf(client, () => record(sql, step.archived));
  }
  return { did: step.did, month, backSince };
}

async function record(sql: Sql, archived: ArchivedMonth): Promise<void> {
  await setArchived(sql, archived);
  const { month, rows, place, manifestSha256, storedBytes } = archived;
  await insertAuditEntries(sql, [
    {
      actor: 'Punctual',
      action: 'archive.month',
      subject: `month:${month}`,
      before: null,
      after: { place, ...rows, storedBytes, manifestSha256 },
      reason: '',
      address: null,
    },
  ]);
  await announce(sql, 'installation');
}
