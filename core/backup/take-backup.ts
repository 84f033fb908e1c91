import { to as copyTo } from 'pg-copy-streams';
import type pg from 'pg';
import { createPatientClient, sqlOf } from '../db.ts';
import { BackupProblem, framesOf, line, type BackupHeader } from './backup-file.ts';
import { appliedMigrations, monthsOfHistory, sequencesOf, tablesToKeep } from './tables.sql.ts';

/** What a backup holds, told once all of it has been read. */
export type BackupSummary = { takenAt: Date; rows: Record<string, number> };

/**
 * The bytes of a backup (not packed yet): everything as it was at one moment, while the installation goes on working.
 * Secrets leave the database as they stand in it.
 * @throws BackupProblem where the database has none of Punctual's tables
 */
export async function* takeBackup(
  url: string,
  onEnd: (summary: BackupSummary) => void,
): AsyncGenerator<Buffer> {
  const client = createPatientClient(url, 'punctual-backup');
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const header = await readHeader(client);
    yield line(header);
    const rows: Record<string, number> = {};
    for (const { name, columns } of header.tables) {
      const copy = client.query(
        copyTo(`COPY (SELECT ${listed(columns)} FROM ${quoted(name)}) TO STDOUT`),
      );
      yield* framesOf(name, copy);
      rows[name] = copy.rowCount;
    }
    yield line({ rows });
    onEnd({ takenAt: new Date(header.takenAt), rows });
  } finally {
    await client.end();
  }
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const listed = (columns: readonly string[]) => columns.map(quoted).join(', ');

async function readHeader(client: pg.Client): Promise<BackupHeader> {
  const sql = sqlOf(client);
  const [now] = await sql<{ takenAt: Date; isOurs: boolean }>(
    `SELECT clock_timestamp() AS "takenAt",
            to_regclass('_prisma_migrations') IS NOT NULL AND to_regclass('run_done') IS NOT NULL AS "isOurs"`,
  );
  if (!now!.isOurs) {
    throw new BackupProblem('This database has no tables of Punctual. There is nothing to keep.');
  }
  return {
    format: 'punctual-backup/1',
    takenAt: now!.takenAt.toISOString(),
    migrations: await appliedMigrations(sql),
    months: await monthsOfHistory(sql),
    tables: await tablesToKeep(sql),
    sequences: await sequencesOf(sql),
  };
}
