import { once } from 'node:events';
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams';
import type pg from 'pg';
import { createPatientClient, sqlOf } from '../db.ts';
import { type BackupHeader, type BackupPart, BackupProblem } from './backup-file.ts';
import { listed, quoted } from './take-backup.ts';
import { appliedMigrations, guardsOfTrail, whatIsThere } from './tables.sql.ts';

/**
 * Fills a database that has the backup's migrations and no data, in one transaction: all of it, or nothing.
 * @returns how many rows each table got
 * @throws BackupProblem where the database isn't fit for it or the file isn't whole
 */
export async function loadBackup(
  url: string,
  header: BackupHeader,
  parts: AsyncIterable<BackupPart>,
): Promise<Record<string, number>> {
  const client = createPatientClient(url, 'punctual-restore');
  await client.connect();
  try {
    await client.query('BEGIN');
    await makeRoom(client, header);
    const rows = await fill(client, header, parts);
    for (const { name, last } of header.sequences) {
      if (last !== null)
        await client.query('SELECT setval($1::regclass, $2)', [quoted(name), last]);
    }
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return rows;
  } finally {
    // An open transaction ends with its connection, and with it all that was written.
    await client.end();
  }
}

async function makeRoom(client: pg.Client, header: BackupHeader): Promise<void> {
  const sql = sqlOf(client);
  // Whoever signs up or makes a job meanwhile waits.
  await client.query('LOCK TABLE installation, job, "user" IN ACCESS EXCLUSIVE MODE');
  const { jobs, people, workers } = await whatIsThere(sql);
  if (jobs > 0 || people > 0) {
    throw new BackupProblem(
      `This database is in use: it has ${jobs} jobs and ${people} people. A backup is put back into an empty one; ` +
        'set DATABASE_URL or PUNCTUAL_DATA_DIR to a new one.',
    );
  }
  if (workers > 0) {
    throw new BackupProblem('A worker runs on this database. Stop it first, then restore.');
  }
  const applied = await appliedMigrations(sql);
  if (applied.join() !== header.migrations.join()) {
    throw new BackupProblem(
      'This database was made by another version of Punctual than the backup. Restore into an empty one.',
    );
  }
  // Only whoever owns the trail can, and only until this transaction ends.
  const guards = await guardsOfTrail(sql);
  await switchGuards(client, guards, 'DISABLE');
  await client.query(
    `TRUNCATE ${header.tables.map(({ name }) => quoted(name)).join(', ')} CASCADE`,
  );
  await switchGuards(client, guards, 'ENABLE');
  for (const month of header.months) await client.query('SELECT make_month($1::date)', [month]);
}

async function switchGuards(
  client: pg.Client,
  guards: readonly { table: string; trigger: string }[],
  to: 'DISABLE' | 'ENABLE',
): Promise<void> {
  for (const { table, trigger } of guards) {
    await client.query(`ALTER TABLE ${quoted(table)} ${to} TRIGGER ${quoted(trigger)}`);
  }
}

async function fill(
  client: pg.Client,
  header: BackupHeader,
  parts: AsyncIterable<BackupPart>,
): Promise<Record<string, number>> {
  const writer = new TableWriter(client, header);
  for await (const part of parts) {
    if (part.kind === 'rows') await writer.write(part.table, part.bytes);
    else checkCounts(part.rows, await writer.end());
  }
  return writer.end();
}

/** Writes rows into one table after the other. */
class TableWriter {
  readonly #client: pg.Client;
  readonly #header: BackupHeader;
  readonly #rows: Record<string, number> = {};
  #open: { table: string; stream: CopyStreamQuery; failure: Error | null } | null = null;

  constructor(client: pg.Client, header: BackupHeader) {
    this.#client = client;
    this.#header = header;
  }

  async write(table: string, bytes: Buffer): Promise<void> {
    if (this.#open?.table !== table) {
      await this.#close();
      this.#open = this.#start(table);
    }
    const { stream, failure } = this.#open;
    if (failure) throw failure;
    if (!stream.write(bytes)) await once(stream, 'drain');
  }

  /** @returns how many rows each table got */
  async end(): Promise<Record<string, number>> {
    await this.#close();
    return this.#rows;
  }

  #start(table: string) {
    const columns = this.#header.tables.find(({ name }) => name === table)?.columns;
    if (!columns) {
      throw new BackupProblem(`The backup has rows of ${table}, which it doesn’t name.`);
    }
    const text = `COPY ${quoted(table)} (${listed(columns)}) FROM STDIN`;
    const stream = this.#client.query(copyFrom(text));
    const open: { table: string; stream: CopyStreamQuery; failure: Error | null } = {
      table,
      stream,
      failure: null,
    };
    stream.on('error', (error) => (open.failure = error));
    return open;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    if (open.failure) throw open.failure;
    open.stream.end();
    await once(open.stream, 'finish');
    this.#rows[open.table] = open.stream.rowCount;
  }
}

function checkCounts(said: Record<string, number>, got: Record<string, number>): void {
  for (const [table, rows] of Object.entries(said)) {
    if ((got[table] ?? 0) === rows) continue;
    throw new BackupProblem(
      `The backup says that ${table} has ${rows} rows, and holds ${got[table] ?? 0}. Take another one.`,
    );
  }
}
