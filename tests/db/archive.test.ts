import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { clearHistory, fillMonth, hashesOfMonth } from '#tests/support/history.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { command } from '#tests/support/archive-command.ts';

const root = mkdtempSync(path.join(tmpdir(), 'punctual-archive-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let db: TestDatabase;
let folder: string;
let variables: Record<string, string>;
let jobIds: number[];
const MONTH = '2026-03';

beforeEach(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(path.join(root, 'store-'));
  variables = { PUNCTUAL_ARCHIVE: folder };
  jobIds = [(await makeJob(db)).id, (await makeJob(db)).id];
  await db.sql(`SELECT make_month($1::date)`, [`${MONTH}-01`]);
  await fillMonth(db, { month: MONTH, jobIds, runs: 2_500 });
});
afterEach(() => db.drop());

describe('a month in a folder', () => {
  test('comes back row by row as it was, after it was archived and dropped', async () => {
    const before = await hashesOfMonth(db, MONTH);
    expect(before['run']).toMatch(/^2500 /);
    const cleared = await clearHistory(db, variables);
    expect(cleared).toMatchObject({ failures: 0, months: 1, dropped: 1 });
    expect((await hashesOfMonth(db, MONTH))['run']).toMatch(/^0 /);
    const restored = await command(db, variables, 'archive', 'restore', MONTH, '--days', '3');
    expect(restored).toMatchObject({ code: 0, err: '' });
    // Gaps go with the pruner, which has not been here.
    expect(await hashesOfMonth(db, MONTH)).toEqual(before);
  });
});
