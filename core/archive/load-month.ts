import { appliedMigrations } from '../backup/tables.sql.ts';
import type { Sql } from '../db.ts';
import { CONTENTS, monthFolder, readManifest, type Manifest } from './manifest.ts';
import { type MonthRow, readArchiveState } from './months.sql.ts';
import { linesOf } from './packing.ts';
import { type ArchivePlace, ArchiveProblem } from './place.ts';
import { columnsOf, MONTH_CONTENTS } from './rows.sql.ts';
import {
  analyzeStaged,
  attachStaged,
  countStaged,
  dropStagingTables,
  insertRows,
  makeStagingTables,
  setRestored,
} from './staging.sql.ts';

/** A month whose rows stand in tables that nobody reads yet. */
export type LoadedMonth = {
  rows: number;
  /** Makes it part of the ledger, with its gaps, for so many days. The caller's transaction. */
  attach(by: string, days: number): Promise<Date>;
};

// So much JSON goes into one statement.
const BATCH_BYTES = 4_000_000;

/**
 * Reads a month's archive into tables of their own, outside of any transaction, since that may take long.
 * @throws ArchiveProblem where the archive isn't whole, or a newer version wrote it
 */
export async function loadMonth(
  sql: Sql,
  place: ArchivePlace,
  row: MonthRow,
  onRows: (done: number, all: number) => void,
): Promise<LoadedMonth> {
  const { month } = row;
  const { uuid } = await readArchiveState(sql);
  const manifest = await wholeManifest(sql, place, uuid, row);
  const all = CONTENTS.reduce((sum, content) => sum + manifest.rows[content], 0);
  const gaps: string[] = [];
  let rows = 0;
  await dropStagingTables(sql);
  await makeStagingTables(sql, month);
  try {
    for (const part of manifest.parts) {
      for await (const lines of linesOf(place, monthFolder(uuid, month), part)) {
        // Gaps are few, and stand among those that are read at this moment.
        if (part.content === 'gaps') gaps.push(...lines);
        else {
          for (const batch of batchesOf(lines)) {
            await insertRows(sql, part.content, month, manifest.columns[part.content], batch);
          }
        }
        rows += lines.length;
        onRows(rows, all);
      }
    }
    await checkStaged(sql, month, manifest);
    await analyzeStaged(sql, month);
  } catch (error) {
    await dropStagingTables(sql);
    throw error;
  }
  return {
    rows,
    async attach(by, days) {
      await attachStaged(sql, month);
      for (const batch of batchesOf(gaps)) {
        await insertRows(sql, 'gaps', month, manifest.columns.gaps, batch);
      }
      return setRestored(sql, month, by, days);
    },
  };
}

async function wholeManifest(
  sql: Sql,
  place: ArchivePlace,
  uuid: string,
  row: MonthRow,
): Promise<Manifest> {
  const read = await readManifest(place, uuid, row.month);
  if (!read) throw new ArchiveProblem(`${row.month} has no manifest in ${place.name} any more.`);
  if (read.sha256 !== row.manifestSha256) {
    throw new ArchiveProblem(
      `The manifest of ${row.month} in ${place.name} isn’t the one that was written when the month was archived.`,
    );
  }
  await refuseNewer(sql, read.manifest);
  return read.manifest;
}

async function refuseNewer(sql: Sql, { month, migration, columns }: Manifest): Promise<void> {
  const isKnown = (await appliedMigrations(sql)).includes(migration);
  for (const content of CONTENTS) {
    const own = await columnsOf(sql, content);
    const unknown = columns[content].filter((name) => !own.includes(name));
    if (isKnown && unknown.length === 0) continue;
    throw new ArchiveProblem(
      `${month} was archived by a newer version of Punctual (${migration}). Bring it back with that version.`,
    );
  }
}

async function checkStaged(sql: Sql, month: string, manifest: Manifest): Promise<void> {
  const counts = await countStaged(sql, month);
  for (const content of MONTH_CONTENTS) {
    if (counts[content] === manifest.rows[content]) continue;
    throw new ArchiveProblem(
      `The archive of ${month} has ${counts[content]} rows of ${content}, and its manifest says ${manifest.rows[content]}.`,
    );
  }
}

function* batchesOf(lines: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    batch.push(line);
    bytes += line.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
