import { pino } from 'pino';
import { Clock } from '#core/clock.ts';
import { createPool, sqlOf } from '#core/db.ts';
import { decodePieces } from '#core/logs/codec.ts';
import { readAllChunks } from '#core/logs/logs.sql.ts';
import { makeRunningRun, type RunningRun } from '#tests/support/running-run.ts';
import { createLogWriter } from '#worker/log-writer.ts';
import type { Measure } from '../measure.ts';
import { punctual } from '../punctual/punctual.ts';

const LINES = 1_000_000;
const LINE = 'INFO  copied 1,024 rows of 20,480 from the source, 12.5 MB/s\n';
/** What a pipe gives at once. */
const PIECE = Buffer.from(LINE.repeat(Math.floor(65_536 / LINE.length)));
const LINES_A_PIECE = PIECE.length / LINE.length;

/** A million lines by so many attempts at once, from the pipe to the last acknowledged one, and read again. */
export const logs = (runs: number): Measure => ({
  name: `logs of ${runs}`,
  unit: 'lines/s',
  better: 'more',
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once({ url }) {
        const pool = createPool({ url, max: 2, applicationName: 'benchmark' });
        const sql = sqlOf(pool);
        const logger = pino({ level: 'warn' }, pino.destination(2));
        const writer = createLogWriter({ pool, clock: new Clock(), logger, workerId: () => 7 });
        const attempts: RunningRun[] = [];
        for (let n = 0; n < runs; n++) attempts.push(await makeRunningRun({ sql }));
        const startedAtMs = performance.now();
        const pieces = Math.ceil(LINES / runs / LINES_A_PIECE);
        await Promise.all(
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
            for (let n = 0; n < pieces; n++) await log.write('stdout', PIECE);
            await log.finish();
          }),
        );
        const lines = runs * pieces * LINES_A_PIECE;
        const stored = lines / ((performance.now() - startedAtMs) / 1_000);
        const readFromMs = performance.now();
        let read = 0;
        for (const { id: runId } of attempts) {
          const [place] = await sql<{ runId: number; scheduledFor: Date; isLive: boolean }>(
            `SELECT id AS "runId", scheduled_for AS "scheduledFor", is_live AS "isLive" FROM run_live WHERE id = $1`,
            [runId],
          );
          for await (const { body, first_line: firstLine } of readAllChunks(sql, place!)) {
            read += decodePieces(body, firstLine).length;
          }
        }
        if (read !== lines) throw new Error(`Of ${lines} lines ${read} were read back.`);
        const readBack = lines / ((performance.now() - readFromMs) / 1_000);
        await writer.stop();
        await pool.end();
        return { stored, 'read back': readBack };
      },
    },
  ],
});
