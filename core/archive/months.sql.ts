import type { Sql } from '../db.ts';
import type { Content, Part } from './manifest.ts';
import { partName } from './manifest.ts';

/** Where months go, as far as the database knows. */
export type ArchiveState = {
  uuid: string;
  place: string | null;
  reachedAt: Date | null;
  failingSince: Date | null;
  failure: string | null;
};

export async function readArchiveState(sql: Sql): Promise<ArchiveState> {
  const [row] = await sql<ArchiveState>(
    `SELECT i.uuid, a.place, a.reached_at AS "reachedAt", a.failing_since AS "failingSince", a.failure
       FROM archive a CROSS JOIN installation i`,
  );
  return row!;
}

/** @returns the place before, where that was another one */
export async function setPlace(
  sql: Sql,
  place: string | null,
): Promise<{ before: string | null } | null> {
  const [row] = await sql<{ before: string | null }>(SET_PLACE, [place]);
  return row ?? null;
}

const SET_PLACE = `
WITH before AS (SELECT place FROM archive FOR UPDATE)
UPDATE archive a SET place = $1::text, failing_since = NULL, failure = NULL, reached_at = NULL
  FROM before b WHERE a.place IS DISTINCT FROM $1::text
RETURNING b.place AS before`;

export async function noteFailure(sql: Sql, failure: string): Promise<void> {
  await sql(
    `UPDATE archive SET failing_since = coalesce(failing_since, now()), failure = left($1::text, 1000)`,
    [failure],
  );
}

/** @returns since when it had failed, where it had */
export async function noteReached(sql: Sql): Promise<Date | null> {
  const [row] = await sql<{ since: Date | null }>(
    `WITH before AS (SELECT failing_since FROM archive)
     UPDATE archive SET reached_at = now(), failing_since = NULL, failure = NULL FROM before
     RETURNING before.failing_since AS since`,
  );
  return row?.since ?? null;
}

/** When its archive began, where that has gone so far; else it begins now. */
export async function beginMonth(sql: Sql, month: string): Promise<Date> {
  const [row] = await sql<{ begunAt: Date }>(
    `INSERT INTO history_month AS m (month, begun_at) VALUES ($1::date, clock_timestamp())
     ON CONFLICT (month) DO UPDATE SET begun_at = coalesce(m.begun_at, excluded.begun_at)
     RETURNING begun_at AS "begunAt"`,
    [`${month}-01`],
  );
  return row!.begunAt;
}

/** What was written of the month counts for nothing: it begins anew. */
export async function forgetMonth(sql: Sql, month: string): Promise<void> {
  await forgetParts(sql, month);
  await sql(
    `UPDATE history_month SET begun_at = NULL, archived_at = NULL, archive = NULL, manifest_sha256 = NULL,
            restored_at = NULL, restored_by = NULL, restored_until = NULL
      WHERE month = $1::date`,
    [`${month}-01`],
  );
}

export async function forgetParts(sql: Sql, month: string): Promise<void> {
  await sql('DELETE FROM archive_part WHERE month = $1::date', [`${month}-01`]);
}

export type StoredPart = Part & { number: number; lastNumber: number };

export async function readParts(sql: Sql, month: string): Promise<StoredPart[]> {
  const rows = await sql<Omit<StoredPart, 'name'>>(
    `SELECT content, number, rows, raw_bytes AS "rawBytes", stored_bytes AS bytes, sha256,
            first_id AS "firstId", last_id AS "lastId", last_number AS "lastNumber"
       FROM archive_part WHERE month = $1::date ORDER BY content, number`,
    [`${month}-01`],
  );
  return rows.map((row) => ({ ...row, name: partName(row.content, row.number) }));
}

export async function addPart(sql: Sql, month: string, part: StoredPart): Promise<void> {
  await sql(
    `INSERT INTO archive_part (month, content, number, rows, raw_bytes, stored_bytes, sha256, first_id, last_id, last_number)
     VALUES ($1::date, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      `${month}-01`,
      part.content,
      part.number,
      part.rows,
      part.rawBytes,
      part.bytes,
      part.sha256,
      part.firstId,
      part.lastId,
      part.lastNumber,
    ],
  );
}

export type ArchivedMonth = {
  month: string;
  rows: Record<Content, number>;
  logBytes: number;
  firstRunId: number | null;
  lastRunId: number | null;
  storedBytes: number;
  place: string;
  manifestSha256: string;
};

/** Its archive is whole. */
export async function setArchived(sql: Sql, archived: ArchivedMonth): Promise<void> {
  const { month, rows } = archived;
  await sql(
    `UPDATE history_month SET archived_at = now(), archive = $2, manifest_sha256 = $3, stored_bytes = $4,
            runs = $5, attempts = $6, log_chunks = $7, gaps = $8, log_bytes = $9, first_run_id = $10, last_run_id = $11
      WHERE month = $1::date`,
    [
      `${month}-01`,
      archived.place,
      archived.manifestSha256,
      archived.storedBytes,
      rows.runs,
      rows.attempts,
      rows.logs,
      rows.gaps,
      archived.logBytes,
      archived.firstRunId,
      archived.lastRunId,
    ],
  );
  await forgetParts(sql, month);
}

/** A month that was archived or dropped. Instants and sizes as they stand. */
export type MonthRow = {
  /** `2026-03`. */
  month: string;
  runs: number | null;
  attempts: number | null;
  logChunks: number | null;
  gaps: number | null;
  logBytes: number | null;
  storedBytes: number | null;
  archivedAt: Date | null;
  archive: string | null;
  manifestSha256: string | null;
  droppedAt: Date | null;
  restoredAt: Date | null;
  restoredBy: string | null;
  restoredUntil: Date | null;
};

const MONTH_ROW = `
to_char(month, 'YYYY-MM') AS month, runs, attempts, log_chunks AS "logChunks", gaps, log_bytes AS "logBytes",
stored_bytes AS "storedBytes", archived_at AS "archivedAt", archive, manifest_sha256 AS "manifestSha256",
dropped_at AS "droppedAt", restored_at AS "restoredAt", restored_by AS "restoredBy", restored_until AS "restoredUntil"`;

/** Newest first. */
export function readMonths(sql: Sql): Promise<MonthRow[]> {
  return sql<MonthRow>(
    `SELECT ${MONTH_ROW} FROM history_month WHERE archived_at IS NOT NULL OR dropped_at IS NOT NULL ORDER BY history_month.month DESC`,
  );
}

export async function readMonth(sql: Sql, month: string): Promise<MonthRow | null> {
  const [row] = await sql<MonthRow>(
    `SELECT ${MONTH_ROW} FROM history_month WHERE history_month.month = $1::date`,
    [`${month}-01`],
  );
  return row ?? null;
}
