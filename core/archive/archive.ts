import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { insertAuditEntries } from '../audit/audit.sql.ts';
import { whoOf } from '../audit/who.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { createPool, type Sql, sqlOf, transaction } from '../db.ts';
import { environment } from '../environment.ts';
import { announce } from '../events/events.ts';
import { aloneWithHistory, inTransactionOf } from '../history/alone.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { directUrl } from '../route.ts';
import { archivePlaceOf } from './archive-environment.ts';
import { announcePlace } from './archive-place.ts';
import { type MonthRow, readArchiveState, readMonth, readMonths } from './months.sql.ts';
import { type ArchivePlace, ArchiveProblem } from './place.ts';
import { loadMonth } from './load-month.ts';
import { isMonthThere } from './staging.sql.ts';
import { verifyMonth, type VerifiedMonth } from './verify-month.ts';

export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Give a month such as 2026-03.');
const MOST_DAYS = 365;
const MOST_WAIT_MS = 20_000;

export type ArchiveList = {
  /** Null: months are dropped without an archive. */
  place: string | null;
  reachedAt: Date | null;
  failingSince: Date | null;
  failure: string | null;
  /** Newest first. */
  months: MonthRow[];
};

/** The months that were archived or dropped, and how the archive is. */
export async function listArchive(actor: Actor): Promise<ArchiveList> {
  authorize(actor, 'installation:read');
  const sql = sqlOf(webPool());
  const { uuid: _uuid, ...state } = await readArchiveState(sql);
  return { ...state, months: await readMonths(sql) };
}

/** Months are dropped without an archive from now on, until a worker that has one starts. */
export async function stopArchiving(actor: Actor): Promise<Outcome<{ isChanged: boolean }>> {
  authorize(actor, 'archive:write');
  const isChanged = await transaction(webPool(), (sql) => announcePlace(sql, whoOf(actor), null));
  return done({ isChanged });
}

/**
 * Holds months of the archive against their manifests.
 * @param onMonth what is known of each, as soon as it is
 */
export async function verifyArchive(
  actor: Actor,
  { month }: { month?: string | undefined },
  onMonth: (verified: VerifiedMonth) => void,
): Promise<Outcome<{ months: number; damaged: number }>> {
  authorize(actor, 'installation:read');
  const sql = sqlOf(webPool());
  const asked = await monthsAsked(sql, month);
  if (!asked.ok) return asked;
  const { uuid } = await readArchiveState(sql);
  let damaged = 0;
  for (const row of asked.value) {
    const verified = await verifyMonth(await placeFor(row), uuid, row);
    if (verified.problems.length > 0) damaged += 1;
    onMonth(verified);
  }
  return done({ months: asked.value.length, damaged });
}

async function monthsAsked(sql: Sql, month: string | undefined): Promise<Outcome<MonthRow[]>> {
  const months = (await readMonths(sql)).filter((row) => row.archivedAt !== null);
  if (month === undefined) return done(months.toReversed());
  const row = months.find((each) => each.month === month);
  return row ? done([row]) : notArchived(month);
}

export const notArchived = (month: string) =>
  refuse('not_found', `${month} isn’t in the archive. \`archive list\` shows what is.`);

/**
 * The place of a month's archive, which this process must know.
 * @throws ArchiveProblem where it knows none, or another one
 */
export async function placeFor({
  month,
  archive,
}: Pick<MonthRow, 'month' | 'archive'>): Promise<ArchivePlace> {
  const place = await archivePlaceOf(environment());
  if (place?.name === archive) return place;
  throw new ArchiveProblem(
    `${month} was archived in ${archive}, and PUNCTUAL_ARCHIVE ${place ? `is ${place.name}` : 'is not set'} here. ` +
      `Set it to ${archive}, with the key of that store.`,
  );
}

export const RestoreMonth = z.object({
  month: Month,
  days: z
    .int('Give a whole number of days.')
    .min(1, 'Keep it for at least 1 day.')
    .max(MOST_DAYS, `Keep it for at most ${MOST_DAYS} days.`)
    .default(7),
});

/**
 * Brings a month back for so many days, to be read: every page shows it, nothing of it runs again, is planned or pruned.
 * Then it goes once more.
 *
 * @param onRows how many rows are there, of how many
 * @throws ArchiveProblem where the archive can't be read, or isn't whole; nothing is changed then
 */
export async function restoreMonth(
  actor: Actor,
  input: z.input<typeof RestoreMonth>,
  onRows: (done: number, all: number) => void = () => {},
): Promise<Outcome<{ until: Date; rows: number }>> {
  authorize(actor, 'archive:write');
  const parsed = RestoreMonth.safeParse(input);
  if (!parsed.success) return refuse('invalid', parsed.error.issues[0]!.message);
  const { month, days } = parsed.data;
  const pool = createPool({
    url: directUrl(environment()),
    max: 1,
    applicationName: 'punctual-archive',
    isPatient: true,
  });
  try {
    const restored = await onceAlone(pool, async (sql, client) => {
      const refused = await refuseRestore(sql, month);
      if (refused) return refused;
      const row = (await readMonth(sql, month))!;
      const place = await placeFor(row);
      const loaded = await loadMonth(sql, place, row, onRows);
      const until = await inTransactionOf(client, async () => {
        const end = await loaded.attach(whoOf(actor).actor, days);
        await insertAuditEntries(sql, [
          {
            ...whoOf(actor),
            action: 'archive.restore',
            subject: `month:${month}`,
            before: null,
            after: { days, until: end.toISOString(), rows: loaded.rows },
            reason: '',
          },
        ]);
        for (const topic of ['installation', 'run', 'job'] as const) await announce(sql, topic);
        return end;
      });
      return done({ until, rows: loaded.rows });
    });
    return (
      restored ??
      refuse(
        'conflict',
        'A worker archives or drops history at this moment. Try again in a minute.',
      )
    );
  } finally {
    await pool.end();
  }
}

/** A worker that archives lets others have their turn between two steps. */
async function onceAlone<T>(
  pool: pg.Pool,
  work: (sql: Sql, client: pg.ClientBase) => Promise<T>,
): Promise<T | null> {
  for (const until = performance.now() + MOST_WAIT_MS; ;) {
    const value = await aloneWithHistory(pool, work);
    if (value !== null || performance.now() > until) return value;
    await pause(200);
  }
}

async function refuseRestore(sql: Sql, month: string): Promise<Outcome<never> | null> {
  const row = await readMonth(sql, month);
  if (!row || row.archivedAt === null) return notArchived(month);
  if (row.restoredUntil) {
    return refuse(
      'conflict',
      `${month} was brought back already, until ${row.restoredUntil.toISOString()}.`,
    );
  }
  if (row.droppedAt === null || (await isMonthThere(sql, month))) {
    return refuse(
      'conflict',
      `${month} is still part of the ledger: there is nothing to bring back.`,
    );
  }
  return null;
}
