import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Clock } from '#core/clock.ts';
import type { ScriptConfig } from '#core/jobs/kinds/script.ts';
import { decodePieces } from '#core/logs/codec.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeRunningRun } from '#tests/support/running-run.ts';
import { testWork } from '#tests/support/work.ts';
import { script } from '#worker/kinds/script.ts';
import { createLogWriter, type LogWriter } from '#worker/log-writer.ts';

const MB = 1_000_000;
let db: TestDatabase;
let writer: LogWriter;

beforeAll(async () => {
  db = await createTestDatabase();
  writer = createLogWriter({
    pool: db.pool,
    clock: new Clock(),
    workerId: () => 7,
    logger: pino({ level: 'silent' }),
  });
});
afterAll(async () => {
  await writer.stop();
  await db.drop();
});

/** Runs a script into a real log with the default limit of 10 MB; the most memory that this process grew by meanwhile. */
async function flood(text: string) {
  const run = await makeRunningRun(db);
  const log = writer.open({
    runId: run.id,
    attempt: 1,
    linesBefore: 0,
    bytesBefore: 0,
    limitBytes: 10 * MB,
    words: ['the very last line'],
    onLeaseLost: () => {},
  });
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const config: ScriptConfig = { kind: 'script', interpreter: 'sh', text, environment: [] };
  const { work } = testWork(config, { log });
  const answer = await script.execute(work);
  const summary = await log.finish();
  clearInterval(watch);
  const [stored] = await db.sql<{ bytes: string; lines: string }>(
    `SELECT sum(octet_length(body)) AS bytes, sum(line_count) AS lines FROM log_chunk WHERE run_id = $1::bigint`,
    [run.id],
  );
  const chunks = await db.sql<{ body: string; first_line: number }>(
    'SELECT body, first_line FROM log_chunk WHERE run_id = $1::bigint ORDER BY seq DESC LIMIT 1',
    [run.id],
  );
  const tail = chunks.flatMap((chunk) => decodePieces(chunk.body, chunk.first_line));
  const notes = await db.sql<{ note: string }>(
    `SELECT (regexp_matches(body, '(?:^|\\n)n[0-9a-z]+ ([^\\n]*)', 'g'))[1] AS note FROM log_chunk
      WHERE run_id = $1::bigint ORDER BY seq`,
    [run.id],
  );
  return {
    answer,
    summary,
    storedBytes: Number(stored!.bytes),
    storedLines: Number(stored!.lines),
    last: tail.at(-1)!.text,
    notes: notes.map(({ note }) => note),
    grewBy: most - before,
  };
}

describe('fault 30: a flood', () => {
  it.each([
    // A gigabyte is fault 30 with the real times (tests/faults/survive/edges.test.ts).
    ['300 MB of lines', 'yes "a line of some length, over and over again" | head -c 300000000'],
    ['300 MB of NUL bytes without a line end', 'head -c 300000000 /dev/zero'],
    ['100 MB of line ends', "head -c 100000000 /dev/zero | tr '\\000' '\\n'"],
    ['100 MB of broken UTF-8', "head -c 100000000 /dev/zero | tr '\\000' '\\303'"],
    ['100 MB of carriage returns', "head -c 100000000 /dev/zero | tr '\\000' '\\r'"],
  ])('%s take bounded time, memory and room, and its end is kept', async (_what, text) => {
    const { answer, summary, storedBytes, storedLines, last, notes, grewBy } = await flood(
      `${text}; echo; echo "the very last line"`,
    );
    expect(answer).toMatchObject({ ok: true, exitCode: 0 });
    expect(last).toBe('the very last line');
    expect(summary.wordsSeen.size).toBe(1);
    expect(storedLines).toBe(summary.lines);
    expect(storedBytes).toBeLessThan(13 * MB);
    expect(notes[0]).toContain('The log has reached 8.0 MB');
    expect(notes[1]).toMatch(/^[\d,]+ lines? \((?:29\d|28\d|9\d|8\d) MB\) were dropped here\.$/);
    // Bounded, and not by the flood: when the garbage is collected is the runtime's business.
    expect(grewBy).toBeLessThan(300 * MB);
  });

  it('CONTROL: 5 MB are kept whole', async () => {
    const { summary, notes } = await flood('yes "a line of some length" | head -n 200000');
    expect(summary.lines).toBe(200_000);
    expect(notes).toEqual([]);
  });
});
