import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { command } from '#tests/support/archive-command.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { fillMonth, hashesOfMonth } from '#tests/support/history.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

const MONTH = '2026-03';
const KILLS = 6;

test('rule 13: workers killed at random points while they archive and drop lose no row, and nothing half counts as whole', async () => {
  await using db = await createTestDatabase();
  const store = mkdtempSync(path.join(tmpdir(), 'punctual-archive-fault-'));
  onTestFinished(() => rmSync(store, { recursive: true, force: true }));
  const job = await makeJob(db);
  await db.sql(`SELECT make_month($1::date)`, [`${MONTH}-01`]);
  await fillMonth(db, { month: MONTH, jobIds: [job.id], runs: 4_000 });
  await addLongLog(db);
  const before = await hashesOfMonth(db, MONTH);
  const environment = { PUNCTUAL_ARCHIVE: store };
  const [installation] = await db.sql<{ uuid: string }>('SELECT uuid FROM installation');
  const folder = path.join(store, 'punctual-archive', installation!.uuid, MONTH);

  const seen: string[] = [];
  for (let kills = 0; kills < KILLS; kills++) {
    const worker = await startWorker(db, environment);
    // A random point of whatever it is doing: this waits for nothing.
    await pause(Math.random() * 1_500);
    await worker.kill();
    const [state] = await db.sql<{ parts: number; tables: number; archived: boolean }>(
      `SELECT (SELECT count(*) FROM archive_part)::int AS parts,
              (SELECT count(*) FROM pg_class WHERE relname ~ '^(run_done|attempt|log_chunk)_2026_03$')::int AS tables,
              EXISTS (SELECT FROM history_month WHERE archived_at IS NOT NULL) AS archived`,
    );
    seen.push(
      `${state!.parts} parts, ${state!.tables} tables${state!.archived ? ', archived' : ''}`,
    );
    // Nothing goes before its archive is whole.
    if (!state!.archived) expect(state!.tables).toBe(3);
    else expect(existsSync(path.join(folder, 'manifest.json'))).toBe(true);
  }
  console.log(`killed at: ${seen.join(' · ')}`);

  const worker = await startWorker(db, environment);
  await until(
    async () =>
      (
        await db.sql(
          `SELECT FROM pg_class WHERE relname ~ '^(run_done|attempt|log_chunk)_2026_03$'`,
        )
      ).length === 0,
    { timeoutMs: 90_000, what: 'the month to go' },
  );
  await worker.stop();
  expect(worker.errors()).toBe('');
  expect(await db.sql('SELECT FROM archive_part')).toEqual([]);
  // What a killed worker wrote under another name counts as nothing, and doesn't stay.
  expect(readdirSync(folder).filter((name) => name.includes('.part-'))).toEqual([]);
  expect(await command(db, environment, 'archive', 'verify')).toMatchObject({ code: 0 });
  expect(await command(db, environment, 'archive', 'restore', MONTH)).toMatchObject({ code: 0 });
  expect(await hashesOfMonth(db, MONTH)).toEqual(before);
}, 240_000);

/** So that there are several parts: hexadecimal digits without order pack to a half. */
async function addLongLog(db: TestDatabase): Promise<void> {
  const bodies = Array.from({ length: 10 }, () => randomBytes(262_144).toString('hex'));
  await db.sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, stored_at, body)
     SELECT r.id, r.scheduled_for, 100 + n, 1, n, 1, 524288, r.finished_at, ($1::text[])[1 + n % 10]
       FROM (SELECT * FROM run_done_2026_03 ORDER BY id LIMIT 1) AS r, generate_series(1, 60) n`,
    [bodies],
  );
}
