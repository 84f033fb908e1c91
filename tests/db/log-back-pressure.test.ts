import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Environment } from '#core/environment.ts';
import { decodePieces } from '#core/logs/codec.ts';
import { insertRequestedRuns } from '#core/runs/request.sql.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { silent } from '#tests/support/planning.ts';
import { startProxy } from '#tests/support/proxy.ts';
import { requestOf } from '#tests/support/requests.ts';
import { kinds } from '#worker/kinds/kinds.ts';
import { startWorker } from '#worker/worker.ts';

const LINE = 'a line of some length, over and over';
const LINES_A_STEP = 1_350;
const STEPS = 80;
const STEP_BYTES = LINES_A_STEP * (LINE.length + 1);
/** What a log, its pipe and the statement under way hold between them. */
const MOST_AHEAD = 2_000_000;

test('a process that writes faster than a slow database stores waits for it, and no line is lost', async () => {
  await using db = await createTestDatabase();
  const proxy = await startProxy(db);
  const folder = await mkdtemp(path.join(tmpdir(), 'punctual-pressure-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const progress = path.join(folder, 'progress');
  const worker = await startWorker({
    environment: Environment.parse({ DATABASE_URL: proxy.url, PUNCTUAL_WORKER_NAME: 'w-slow' }),
    version: 'test',
    logger: silent,
    kinds,
  });
  onTestFinished(() => worker.stop());
  const text = `n=0; while [ $n -lt ${STEPS} ]; do yes '${LINE}' | head -n ${LINES_A_STEP}; n=$((n + 1)); echo $n > ${progress}; done`;
  const job = await makeJob(db, { work: { kind: 'script', text } });
  proxy.delay(100);
  const [runId] = await insertRequestedRuns(db.sql, [requestOf(job)]);

  const ahead: number[] = [];
  let state = 'queued';
  while (state === 'queued' || state === 'running') {
    // What is stored is read first: what is written meanwhile counts as ahead.
    const [run] = await db.sql<{ state: string; stored: number }>(
      `SELECT r.state, (SELECT coalesce(sum(byte_count), 0)::int FROM log_chunk c WHERE c.run_id = r.id) AS stored
         FROM run r WHERE r.id = $1`,
      [runId],
    );
    const steps = Number(await readFile(progress, 'utf8').catch(() => '0'));
    if (steps < STEPS) ahead.push(steps * STEP_BYTES - run!.stored);
    state = run!.state;
    await pause(50);
  }
  proxy.delay(0);
  expect(state).toBe('succeeded');
  expect(Math.max(...ahead)).toBeGreaterThan(STEP_BYTES);
  expect(Math.max(...ahead)).toBeLessThan(MOST_AHEAD);
  const chunks = await db.sql<{ body: string; first: number }>(
    `SELECT body, first_line AS first FROM log_chunk WHERE run_id = $1 ORDER BY seq`,
    [runId],
  );
  // A line may come in pieces.
  const written = new Map<number, string>();
  for (const { line, stream, text: piece } of chunks.flatMap(({ body, first }) =>
    decodePieces(body, first),
  )) {
    if (stream === 'stdout') written.set(line, (written.get(line) ?? '') + piece);
  }
  expect(written.size).toBe(STEPS * LINES_A_STEP);
  expect(new Set(written.values())).toEqual(new Set([LINE]));
});
