import { pino } from 'pino';
import { Clock } from '#core/clock.ts';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import { decodePieces } from '#core/logs/codec.ts';
import { findText } from '#core/logs/find.ts';
import { type LogPlace, readAllChunks, readSeqOfLine } from '#core/logs/logs.sql.ts';
import { makeRunningRun, type RunningRun } from '#tests/support/running-run.ts';
import { createLogWriter } from '#worker/log-writer.ts';
import type { Measure } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { punctual } from '../punctual/punctual.ts';

const LINES = 1_000_000;
/** What a pipe gives at once. */
const PIECE_BYTES = 65_536;
/** So many different ones, in turns: more than a chunk holds. */
const PIECES = 64;
const LOOKUPS = 200;

/** A million lines by so many attempts at once, as the pipes of their processes give them, until the last is acknowledged; and read again. */
export const logs = (runs: number): Measure => ({
  name: `logs of ${runs}`,
  unit: (figure) =>
    figure.startsWith('a line') ? 'ms' : figure === 'on the disk' ? 'bytes a line' : 'lines/s',
  better: 'more',
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once({ url, pool: stage }) {
        const given = Array.from({ length: PIECES }, (_, n) => pieceOf(n));
        const pool = createPool({ url, max: 2, applicationName: 'benchmark' });
        const sql = sqlOf(pool);
        const logger = pino({ level: 'warn' }, pino.destination(2));
        const writer = createLogWriter({ pool, clock: new Clock(), logger, workerId: () => 7 });
        const attempts: RunningRun[] = [];
        for (let n = 0; n < runs; n++) attempts.push(await makeRunningRun({ sql }));
        const startedAtMs = performance.now();
        const written = await Promise.all(
          attempts.map(async ({ id: runId, attempt }) => {
            const log = writer.open({
              runId,
              attempt,
              linesBefore: 0,
              bytesBefore: 0,
              limitBytes: 1_000_000_000,
              words: [],
              onLeaseLost: () => {},
            });
            let lines = 0;
            for (let n = 0; lines < LINES / runs; n++) {
              const piece = given[n % PIECES]!;
              await log.write('stdout', piece.bytes);
              lines += piece.lines;
            }
            await log.finish();
            return lines;
          }),
        );
        const lines = written.reduce((sum, one) => sum + one, 0);
        const perSecond = (sinceMs: number) => lines / ((performance.now() - sinceMs) / 1_000);
        const stored = perSecond(startedAtMs);
        const places = await Promise.all(attempts.map(({ id }) => placeOf(sql, id)));
        const readFromMs = performance.now();
        let read = 0;
        for (const place of places) {
          for await (const { body, first_line: firstLine } of readAllChunks(sql, place)) {
            read += decodePieces(body, firstLine).length;
          }
        }
        if (read !== lines) throw new Error(`Of ${lines} lines ${read} were read back.`);
        const readBack = perSecond(readFromMs);
        const searchedFromMs = performance.now();
        for (const place of places) {
          const { count } = await findText(readAllChunks(sql, place), 'is nowhere');
          if (count > 0) throw new Error('What stands nowhere was found.');
        }
        const searched = perSecond(searchedFromMs);
        const lookups = await timeLookups(sql, places, written);
        const { rows } = await stage.query<{ bytes: string }>(
          `SELECT sum(pg_total_relation_size(relid)) AS bytes FROM pg_partition_tree('log_chunk') WHERE isleaf`,
        );
        await writer.stop();
        await pool.end();
        return {
          stored,
          'read back': readBack,
          searched,
          'a line found by its number, p99': percentile(lookups, 99),
          'on the disk': Number(rows[0]!.bytes) / lines,
        };
      },
    },
  ],
});

async function placeOf(sql: Sql, runId: number): Promise<LogPlace> {
  const [place] = await sql<LogPlace>(
    `SELECT id AS "runId", scheduled_for AS "scheduledFor", is_live AS "isLive" FROM run_live WHERE id = $1`,
    [runId],
  );
  return place!;
}

async function timeLookups(sql: Sql, places: readonly LogPlace[], lines: readonly number[]) {
  const tookMs: number[] = [];
  for (let n = 0; n < LOOKUPS; n++) {
    const run = n % places.length;
    const beganAtMs = performance.now();
    const seq = await readSeqOfLine(sql, places[run]!, Math.ceil(Math.random() * lines[run]!));
    tookMs.push(performance.now() - beganAtMs);
    if (seq === null) throw new Error('A line that is there was not found.');
  }
  return tookMs;
}

/** Lines as servers and builds write them, no two alike, about as much as a pipe gives at once. */
function pieceOf(n: number): { bytes: Buffer; lines: number } {
  let text = '';
  let lines = 0;
  while (text.length < PIECE_BYTES - 200) {
    const random = (most: number) => Math.floor(Math.random() * most);
    const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000 + lines * 37).toISOString();
    text += [
      `10.0.${random(256)}.${random(256)} "GET /orders/${random(100_000)} HTTP/1.1" 200 ${random(50_000)} ${random(900)} ms\n`,
      `${at} INFO copied ${random(10_000)} rows of ${random(1_000_000)} from the source, ${random(100)} MB/s\n`,
      `${at} DEBUG cache of ${random(2 ** 31).toString(16)} refreshed after ${random(900)} ms\n`,
    ][random(3)];
    lines += 1;
  }
  return { bytes: Buffer.from(text), lines };
}
