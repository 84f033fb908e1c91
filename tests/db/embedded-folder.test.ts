import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../cli/start/embedded-postgres.ts';
import { migrate } from '#prisma/migrate.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'punctual-folder-'));
// PostgreSQL's user has to get through when root runs the tests.
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const FAST = { fsync: 'off' };
const passwordFile = path.join(folder, 'postgres-app-password');

const ask = async <Row>(url: string, text: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
};

test('a folder that an older version made gets the application’s user, and its tables with it', async () => {
  let server = await startEmbeddedPostgres(folder, FAST);
  try {
    // As it was: one user, who owns everything.
    await ask(server.url, 'DROP ROLE punctual_app');
    rmSync(passwordFile);
    await migrate(server.url, { through: '20261121000900_trials' });
    await ask(
      server.url,
      `INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms) VALUES ('mine', 1, 1, 1000)`,
    );
  } finally {
    await server.stop();
  }
  server = await startEmbeddedPostgres(folder, FAST);
  try {
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    await migrate(server.url, { applicationUrl: server.applicationUrl });
    const [queue] = await ask<{ name: string }>(
      server.applicationUrl,
      `UPDATE queue SET max_running = 2 WHERE name = 'mine' RETURNING name`,
    );
    expect(queue).toEqual({ name: 'mine' });
    await expect(ask(server.applicationUrl, 'DELETE FROM audit_entry')).rejects.toThrow(
      /permission denied/,
    );
    // The file is lost: the next start makes another password.
    rmSync(passwordFile);
  } finally {
    await server.stop();
  }
  server = await startEmbeddedPostgres(folder, FAST);
  try {
    expect(await ask(server.applicationUrl, 'SELECT current_user AS who')).toEqual([
      { who: 'punctual_app' },
    ]);
  } finally {
    await server.stop();
  }
});

test('a folder of another PostgreSQL is refused with the way over, and left as it is', async () => {
  const version = path.join(folder, 'postgres', 'PG_VERSION');
  const [before, owner] = [readFileSync(version), statSync(version)];
  writeFileSync(version, '17\n');
  try {
    await expect(startEmbeddedPostgres(folder, FAST)).rejects.toThrow(
      /was made by PostgreSQL 17, which the PostgreSQL 18 .* can’t read; nothing was changed[^]*punctual -- backup[^]*punctual -- restore/,
    );
    expect(readFileSync(version, 'utf8')).toBe('17\n');
  } finally {
    writeFileSync(version, before);
    expect(statSync(version).uid).toBe(owner.uid);
  }
});
