import { setTimeout as pause } from 'node:timers/promises';
import { appliedMigrations } from '../backup/tables.sql.ts';
import type { Sql } from '../db.ts';
import {
  CONTENTS,
  type Content,
  MANIFEST,
  type Manifest,
  manifestBytes,
  monthFolder,
  partName,
  readManifest,
  sha256Of,
} from './manifest.ts';
import {
  addPart,
  type ArchivedMonth,
  beginMonth,
  forgetMonth,
  readParts,
  type StoredPart,
} from './months.sql.ts';
import { Packer, verifyPart } from './packing.ts';
import { type ArchivePlace, ArchiveProblem } from './place.ts';
import {
  columnsOf,
  countRows,
  hasRowsSince,
  MONTH_CONTENTS,
  type Position,
  readPage,
  START,
} from './rows.sql.ts';

export type MonthToWrite = { uuid: string; month: string; place: ArchivePlace };

/** What one step did: one more part is stored; rows came meanwhile, and it begins anew; or all is stored and read back. */
export type Step =
  | { did: 'part'; part: StoredPart }
  | { did: 'began anew' }
  | { did: 'finished'; archived: ArchivedMonth };

/**
 * Takes the archive of a month one step further, so that whoever is stopped or killed loses one part at most. The month's
 * rows don't change any more, but for those that a job's own retention deletes: they may be in the archive or not.
 *
 * @param restShare how long to rest after each page, as a share of the time that the page took the database
 * @throws ArchiveProblem where the place can't take it
 */
export async function writeStep(
  sql: Sql,
  { uuid, month, place }: MonthToWrite,
  restShare = 1,
): Promise<Step> {
  const begunAt = await beginMonth(sql, month);
  const parts = await readParts(sql, month);
  for (const content of CONTENTS) {
    const own = parts.filter((part) => part.content === content);
    const part = await packPart(sql, month, content, own.at(-1), restShare);
    if (!part) continue;
    const key = `${monthFolder(uuid, month)}${part.stored.name}`;
    await place.put(key, part.bytes);
    await verifyPart(place, monthFolder(uuid, month), part.stored);
    await addPart(sql, month, part.stored);
    return { did: 'part', part: part.stored };
  }
  return finish(sql, { uuid, month, place }, begunAt, parts);
}

async function packPart(
  sql: Sql,
  month: string,
  content: Content,
  last: StoredPart | undefined,
  restShare: number,
): Promise<{ stored: StoredPart; bytes: Buffer } | null> {
  let at: Position = last ? { id: last.lastId, number: last.lastNumber } : START;
  let firstId: number | null = null;
  let packer: Packer | undefined;
  while (!packer?.isFull) {
    const startedAt = performance.now();
    const page = await readPage(sql, content, month, at);
    const tookMs = performance.now() - startedAt;
    if (page.length === 0) break;
    packer ??= new Packer();
    firstId ??= page[0]!.id;
    const end = page.at(-1)!;
    at = { id: end.id, number: end.number };
    await packer.add(page.map(({ line }) => line));
    if (restShare > 0) await pause(Math.min(1_000, tookMs * restShare));
  }
  if (!packer || firstId === null) return null;
  const { rows, rawBytes } = packer;
  const bytes = await packer.end();
  const number = (last?.number ?? 0) + 1;
  const stored: StoredPart = {
    name: partName(content, number),
    content,
    number,
    rows,
    rawBytes,
    bytes: bytes.length,
    sha256: sha256Of(bytes),
    firstId,
    lastId: at.id,
    lastNumber: at.number,
  };
  return { stored, bytes };
}

async function finish(
  sql: Sql,
  { uuid, month, place }: MonthToWrite,
  begunAt: Date,
  parts: readonly StoredPart[],
): Promise<Step> {
  const folder = monthFolder(uuid, month);
  const rows = sumsOf(parts);
  const isWhole =
    !(await hasRowsSince(sql, month, begunAt)) &&
    (await hasAllRows(sql, month, rows)) &&
    (await areStored(place, folder, parts));
  if (!isWhole) {
    await forgetMonth(sql, month);
    return { did: 'began anew' };
  }
  const manifest = await manifestOf(sql, uuid, month, rows, parts);
  const bytes = manifestBytes(manifest);
  await place.put(`${folder}${MANIFEST}`, bytes);
  const read = await readManifest(place, uuid, month);
  if (read?.sha256 !== sha256Of(bytes)) {
    throw new ArchiveProblem(`The manifest of ${month} in ${place.name} isn’t what was written.`);
  }
  await removeOthers(place, folder, parts);
  const runs = parts.filter(({ content }) => content === 'runs');
  return {
    did: 'finished',
    archived: {
      month,
      rows,
      logBytes: sumOf(
        parts.filter(({ content }) => content === 'logs').map((part) => part.rawBytes),
      ),
      firstRunId: runs[0]?.firstId ?? null,
      lastRunId: runs.at(-1)?.lastId ?? null,
      storedBytes: sumOf(parts.map((part) => part.bytes)) + bytes.length,
      place: place.name,
      manifestSha256: read.sha256,
    },
  };
}

async function manifestOf(
  sql: Sql,
  uuid: string,
  month: string,
  rows: Record<Content, number>,
  parts: readonly StoredPart[],
): Promise<Manifest> {
  const columns = {} as Record<Content, string[]>;
  for (const content of CONTENTS) columns[content] = await columnsOf(sql, content);
  const [now] = await sql<{ at: Date }>('SELECT clock_timestamp() AS at');
  return {
    format: 'punctual-archive/1',
    installation: uuid,
    month,
    archivedAt: now!.at.toISOString(),
    migration: (await appliedMigrations(sql)).at(-1) ?? '',
    columns,
    rows,
    parts: CONTENTS.flatMap((content) =>
      parts
        .filter((part) => part.content === content)
        .map(({ number: _number, lastNumber: _lastNumber, ...part }) => part),
    ),
  };
}

async function hasAllRows(
  sql: Sql,
  month: string,
  rows: Record<Content, number>,
): Promise<boolean> {
  const left = await countRows(sql, month);
  return MONTH_CONTENTS.every((content) => left[content] <= rows[content]);
}

/** Each was read back when it was stored; that may be days ago. */
async function areStored(
  place: ArchivePlace,
  folder: string,
  parts: readonly StoredPart[],
): Promise<boolean> {
  const sizes = new Map((await place.list(folder)).map(({ key, bytes }) => [key, bytes]));
  return parts.every((part) => sizes.get(`${folder}${part.name}`) === part.bytes);
}

/** What an archive that was begun before has left there. */
async function removeOthers(
  place: ArchivePlace,
  folder: string,
  parts: readonly StoredPart[],
): Promise<void> {
  const own = new Set(
    [MANIFEST, ...parts.map(({ name }) => name)].map((name) => `${folder}${name}`),
  );
  for (const { key } of await place.list(folder)) if (!own.has(key)) await place.remove(key);
}

function sumsOf(parts: readonly StoredPart[]): Record<Content, number> {
  const rows: Record<Content, number> = { gaps: 0, runs: 0, attempts: 0, logs: 0 };
  for (const part of parts) rows[part.content] += part.rows;
  return rows;
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
