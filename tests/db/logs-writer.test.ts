import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Clock } from '#core/clock.ts';
import { CONSOLE_CHANNEL, sqlOf } from '#core/db.ts';
import {
  APPEND,
  appendChunksIfStillOwned,
  appendValues,
  chunkKey,
  type ChunkToStore,
} from '#core/logs/append.sql.ts';
import { decodePieces, type LogPiece } from '#core/logs/codec.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeRunningRun, type RunningRun } from '#tests/support/running-run.ts';
import { until } from '#tests/support/wait.ts';
import type { AttemptLogOptions } from '#worker/log/attempt-log.ts';
import { createLogWriter, type LogWriter } from '#worker/log-writer.ts';

const WORKER = 7;
const logger = pino({ level: 'silent' });
let db: TestDatabase;
const writers: LogWriter[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
afterEach(async () => {
  await Promise.all(writers.splice(0).map((writer) => writer.stop()));
});

function writerOn(pool: pg.Pool): LogWriter {
  const writer = createLogWriter({ pool, clock: new Clock(), workerId: () => WORKER, logger });
  writers.push(writer);
  return writer;
}

function options(run: RunningRun, more: Partial<AttemptLogOptions> = {}): AttemptLogOptions {
  return {
    runId: run.id,
    attempt: run.attempt,
    linesBefore: 0,
    bytesBefore: 0,
    limitBytes: 10_000_000,
    words: [],
    onLeaseLost: () => {},
    ...more,
  };
}

async function piecesOf(run: RunningRun): Promise<LogPiece[]> {
  const chunks = await db.sql<{ body: string; first_line: number }>(
    'SELECT body, first_line FROM log_chunk WHERE run_id = $1::bigint ORDER BY seq',
    [run.id],
  );
  return chunks.flatMap(({ body, first_line }) => decodePieces(body, first_line));
}

const textsOf = async (run: RunningRun) => (await piecesOf(run)).map((piece) => piece.text);
const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('rule 8: lines that are said to be stored are stored, in order, once', () => {
  it('of many attempts at the same time', async () => {
    const writer = writerOn(db.pool);
    const runs = await Promise.all(Array.from({ length: 20 }, () => makeRunningRun(db)));
    const summaries = await Promise.all(
      runs.map(async (run) => {
        const log = writer.open(options(run));
        for (let line = 1; line <= 2_000; line++) {
          await log.write(line % 3 === 0 ? 'stderr' : 'stdout', bytes(`${run.id} line ${line}\n`));
          if (line % 97 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        return log.finish();
      }),
    );
    for (const [index, run] of runs.entries()) {
      const pieces = await piecesOf(run);
      expect(pieces.map((piece) => piece.text)).toEqual(
        Array.from({ length: 2_000 }, (_, line) => `${run.id} line ${line + 1}`),
      );
      expect(pieces.map((piece) => piece.line)).toEqual(pieces.map((_, at) => at + 1));
      expect(summaries[index]).toMatchObject({ isOwned: true, lines: 2_000 });
    }
  });

  it('within 200 ms of their arrival, also without a line end', async () => {
    const writer = writerOn(db.pool);
    const run = await makeRunningRun(db);
    const log = writer.open(options(run));
    await log.write('stdout', bytes('warm up\n'));
    await until(async () => (await textsOf(run)).length === 1, { everyMs: 1 });
    const waits: number[] = [];
    for (let round = 0; round < 20; round++) {
      const startedAt = performance.now();
      await log.write('stdout', bytes(round % 2 === 0 ? `${round}\n` : `${round}`));
      await until(async () => (await textsOf(run)).includes(String(round)), { everyMs: 1 });
      waits.push(performance.now() - startedAt);
      if (round % 2 === 1) await log.write('stdout', bytes('\n'));
    }
    expect(waits.toSorted((a, b) => a - b)[10]).toBeLessThan(200);
    await log.finish();
  });

  it('with every byte made text that Postgres stores', async () => {
    const writer = writerOn(db.pool);
    const run = await makeRunningRun(db);
    const log = writer.open(options(run));
    await log.write(
      'stdout',
      Buffer.from([0, 0xff, 0xfe, 0x0a, 0xc3, 0x28, 0x07, 0x0a, 0xf0, 0x9f]),
    );
    await log.write(
      'stderr',
      bytes('"quotes", {braces}, \\back\\slashes, NULL, \u001b[31mred\u001b[0m'),
    );
    await log.finish();
    expect(await textsOf(run)).toEqual([
      '␀\ufffd\ufffd',
      '\ufffd(␇',
      '\ufffd',
      '"quotes", {braces}, \\back\\slashes, NULL, \u001b[31mred\u001b[0m',
    ]);
  });

  it('and announced, once a flush, with the runs’ ids', async () => {
    const listener = new pg.Client({ connectionString: db.url });
    await listener.connect();
    const heard: { topic: string; ids: number[] }[] = [];
    listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload!)));
    await listener.query(`LISTEN ${CONSOLE_CHANNEL}`);
    const writer = writerOn(db.pool);
    const run = await makeRunningRun(db);
    const log = writer.open(options(run));
    await log.write('stdout', bytes('hello\n'));
    await until(() => heard.some(({ topic, ids }) => topic === 'log' && ids.includes(run.id)));
    await log.finish();
    await listener.end();
  });

  it('once, although the answer to the commit was lost', async () => {
    // The statement is carried out; then the connection fails before the writer hears of it.
    let failures = 0;
    const flaky = new Proxy(db.pool, {
      get(pool, property) {
        if (property !== 'query') return Reflect.get(pool, property) as unknown;
        return async (query: unknown) => {
          const result = await pool.query(query as pg.QueryConfig);
          if (failures++ % 2 === 0) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
          return result;
        };
      },
    });
    const writer = writerOn(flaky);
    const run = await makeRunningRun(db);
    const log = writer.open(options(run));
    for (const line of ['one', 'two', 'three']) {
      await log.write('stdout', bytes(`${line}\n`));
      await until(async () => (await textsOf(run)).includes(line));
    }
    await log.finish();
    expect(failures).toBeGreaterThan(1);
    expect(await textsOf(run)).toEqual(['one', 'two', 'three']);
  });

  it('although the database was away, in memory that is bounded', async () => {
    const down = new URL(db.url);
    down.port = '1';
    let isDown = true;
    const away = new pg.Pool({ connectionString: down.toString(), max: 1 });
    const flaky = new Proxy(db.pool, {
      get(pool, property) {
        if (property !== 'query') return Reflect.get(pool, property) as unknown;
        return (query: unknown) => (isDown ? away : pool).query(query as pg.QueryConfig);
      },
    });
    const writer = writerOn(flaky);
    const run = await makeRunningRun(db);
    const log = writer.open(options(run, { limitBytes: 50_000_000 }));
    const block = bytes('a line of some length, over and over\n'.repeat(500));
    let sent = 0;
    let room: Promise<void> | void = undefined;
    // As a pipe does: no further write before there is room.
    while (sent < 5_000_000 && !room) {
      room = log.write('stdout', block);
      sent += block.length;
    }
    expect(sent).toBeLessThan(1_000_000);
    isDown = false;
    await room;
    await log.write('stdout', bytes('end\n'));
    const { lines } = await log.finish();
    await away.end();
    expect(lines).toBe((sent / block.length) * 500 + 1);
    expect(await piecesOf(run)).toHaveLength(lines);
  });
});

describe('the fence', () => {
  const chunk = (run: RunningRun, more: Partial<ChunkToStore> = {}): ChunkToStore => ({
    runId: run.id,
    workerId: run.workerId,
    attempt: run.attempt,
    seq: 0,
    firstLine: 1,
    lineCount: 1,
    byteCount: 2,
    body: 'o1 x\n',
    ...more,
  });
  const countOf = async (run: RunningRun) => (await piecesOf(run)).length;

  it('rule 3: nothing is stored for another worker, another attempt, or a run that isn’t running', async () => {
    const [own, otherWorker, otherAttempt, queued, finished] = await Promise.all(
      Array.from({ length: 5 }, () => makeRunningRun(db)),
    );
    await db.sql(
      `UPDATE run SET state = 'queued', worker_id = NULL WHERE is_live AND id = $1::bigint`,
      [queued!.id],
    );
    await db.sql(
      `UPDATE run SET state = 'lost', is_live = false, finished_at = now() WHERE is_live AND id = $1::bigint`,
      [finished!.id],
    );
    const stored = await appendChunksIfStillOwned(db.sql, [
      chunk(own!),
      chunk(otherWorker!, { workerId: WORKER + 1 }),
      chunk(otherAttempt!, { attempt: 2 }),
      chunk(queued!),
      chunk(finished!),
    ]);
    expect([...stored]).toEqual([chunkKey(own!.id, 0)]);
    expect(await countOf(own!)).toBe(1);
    for (const run of [otherWorker!, otherAttempt!, queued!, finished!])
      expect(await countOf(run)).toBe(0);
  });

  it('CONTROL: with the fence taken out, the same statement stores them', async () => {
    const unfenced = APPEND.replace(
      /AND run\.state = 'running'\s+AND run\.worker_id = chunk\.worker_id AND run\.attempt = chunk\.attempt/,
      '',
    );
    expect(unfenced).not.toBe(APPEND);
    const [otherWorker, otherAttempt] = await Promise.all([makeRunningRun(db), makeRunningRun(db)]);
    const chunks = [
      chunk(otherWorker, { workerId: WORKER + 1 }),
      chunk(otherAttempt, { attempt: 2 }),
    ];
    await db.sql(unfenced, appendValues(chunks));
    for (const run of [otherWorker, otherAttempt]) expect(await countOf(run)).toBe(1);
  });

  it('CONTROL: without the share lock a chunk slips in under a rescue', async () => {
    const unlocked = APPEND.replace(/FOR SHARE/, '');
    expect(unlocked).not.toBe(APPEND);
    const run = await makeRunningRun(db);
    const rescuer = await db.pool.connect();
    await rescuer.query('BEGIN');
    await rescuer.query(
      `UPDATE run SET state = 'queued', worker_id = NULL WHERE is_live AND id = $1`,
      [run.id],
    );
    await db.sql(unlocked, appendValues([chunk(run)]));
    await rescuer.query('COMMIT');
    rescuer.release();
    expect(await countOf(run)).toBe(1);
  });

  it.each([
    ['gives it back to the queue', `state = 'queued', worker_id = NULL`],
    ['ends it', `state = 'lost', is_live = false, finished_at = now()`],
  ])(
    'a rescue under way that %s wins: the chunk waits for it and is refused',
    async (_what, change) => {
      const run = await makeRunningRun(db);
      const rescuer = await db.pool.connect();
      await rescuer.query('BEGIN');
      await rescuer.query(`UPDATE run SET ${change} WHERE is_live AND id = $1::bigint`, [run.id]);
      const storing = appendChunksIfStillOwned(db.sql, [chunk(run)]);
      await until(async () => {
        const [row] = await db.sql<{ waiting: number }>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return row!.waiting > 0;
      });
      await rescuer.query('COMMIT');
      rescuer.release();
      expect((await storing).size).toBe(0);
      expect(await countOf(run)).toBe(0);
    },
  );

  it('an attempt whose lease is lost is told, once, and what it still says is dropped', async () => {
    const writer = writerOn(db.pool);
    const run = await makeRunningRun(db);
    let told = 0;
    const log = writer.open(options(run, { onLeaseLost: () => told++ }));
    await log.write('stdout', bytes('mine\n'));
    await until(async () => (await textsOf(run)).length === 1);
    await db.sql('UPDATE run SET attempt = 2, worker_id = 8 WHERE is_live AND id = $1::bigint', [
      run.id,
    ]);
    await log.write('stdout', bytes('no longer mine\n'));
    await until(() => told > 0);
    await log.write('stdout', bytes('still talking\n'));
    expect(await log.finish()).toMatchObject({ isOwned: false });
    expect(told).toBe(1);
    expect(await textsOf(run)).toEqual(['mine']);
  });

  it('a log that is abandoned ends at once, whatever the database does', async () => {
    const hanging = new Proxy(db.pool, {
      get: (pool, property) =>
        property === 'query'
          ? () => new Promise(() => {})
          : (Reflect.get(pool, property) as unknown),
    });
    const writer = createLogWriter({
      pool: hanging,
      clock: new Clock(),
      workerId: () => WORKER,
      logger,
    });
    const log = writer.open(options(await makeRunningRun(db)));
    const room = log.write('stdout', Buffer.alloc(2_000_000, 'line\n'));
    const finished = log.finish();
    log.abandon();
    await room;
    expect(await finished).toMatchObject({ isOwned: false });
  });

  it('a chunk that the database refuses keeps nobody else’s out', async () => {
    const writer = writerOn(db.pool);
    // No partition holds this month: such a chunk can never be stored.
    const old = await makeRunningRun(db, { scheduledFor: new Date('2001-01-01T00:00:00Z') });
    const run = await makeRunningRun(db);
    const oldLog = writer.open(options(old));
    const log = writer.open(options(run));
    void oldLog.write('stdout', bytes('too old\n'));
    void log.write('stdout', bytes('fine\n'));
    expect(await Promise.all([oldLog.finish(), log.finish()])).toMatchObject([
      { isOwned: true },
      { isOwned: true },
    ]);
    expect(await textsOf(run)).toEqual(['fine']);
  });
});

describe('what an attempt’s end needs of its log', () => {
  it('is its last number, its bytes, the words that were asked for and the line that says why', async () => {
    const writer = writerOn(db.pool);
    const run = await makeRunningRun(db, { attempt: 2 });
    const log = writer.open(
      options(run, { linesBefore: 10, bytesBefore: 100, words: ['disk full', 'never'] }),
    );
    log.note('starting');
    await log.write('stderr', bytes('pg_dump: error: disk '));
    await log.write('stderr', bytes('full\n'));
    expect(await log.finish()).toEqual({
      isOwned: true,
      lines: 12,
      bytes: 135,
      wordsSeen: new Set(['disk full']),
      causeLine: { number: 12, text: 'pg_dump: error: disk full' },
    });
    expect((await piecesOf(run)).map((piece) => piece.line)).toEqual([11, 12]);
  });

  it('is there at once when nothing was written', async () => {
    const log = writerOn(db.pool).open(options(await makeRunningRun(db)));
    expect(await log.finish()).toMatchObject({ isOwned: true, lines: 0, causeLine: null });
  });
});

it('the statement looks each run up by its key, also among 100,000 live ones', async () => {
  await using own = await createTestDatabase();
  await own.sql(
    `INSERT INTO run (scheduled_for, job_id, revision, trigger, queue, kind, due_at)
     SELECT now(), n, 1, 'manual', 'default', 'script', now() FROM generate_series(1, 100000) AS n`,
  );
  const run = await makeRunningRun(own);
  const startedAt = performance.now();
  // No ANALYZE: statistics still say that the table is empty.
  for (let seq = 0; seq < 50; seq++) {
    const sql = sqlOf(own.pool);
    const stored = await appendChunksIfStillOwned(sql, [
      {
        runId: run.id,
        workerId: run.workerId,
        attempt: 1,
        seq,
        firstLine: seq + 1,
        lineCount: 1,
        byteCount: 2,
        body: 'o1 x\n',
      },
    ]);
    expect(stored.size).toBe(1);
  }
  // A scan of the live partition takes 10 ms and more each.
  expect((performance.now() - startedAt) / 50).toBeLessThan(8);
});
