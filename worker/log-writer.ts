import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '#core/clock.ts';
import { type Sql, sqlOf } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { appendChunksIfStillOwned, chunkKey, type ChunkToStore } from '#core/logs/append.sql.ts';
import { type Duty, startDuty } from './duty.ts';
import type { AttemptLog, AttemptLogOptions } from './log/attempt-log.ts';
import { EarliestTimer } from './log/earliest-timer.ts';
import { OpenLog } from './log/open-log.ts';

export type LogWriterOptions = {
  pool: pg.Pool;
  clock: Clock;
  /** The id that the process is registered under now. A log keeps the one that it was opened under: its fence. */
  workerId: () => number;
  logger: Logger;
};

export type LogWriter = {
  open(options: AttemptLogOptions): AttemptLog;
  /** One flush of whatever waits. The writer runs it itself as output arrives. */
  duty: Duty;
  /** Ends after the flush under way. Call it when the last attempt has finished. */
  stop(): Promise<void>;
};

/** So often at most, unless an attempt's end waits for it: 50 ms + one commit is well within the 200 ms promised. */
const BETWEEN_FLUSHES_MS = 50;
const LARGEST_FLUSH_BYTES = 4 * 1024 * 1024;
/** Of all attempts together: what a database that is away can make this process hold. */
const MOST_WAITING_MEMORY = 64 * 1024 * 1024;
const IDLE_MS = 60_000;

/**
 * Writes the output of all attempts of this worker: one statement a flush, the next one collecting meanwhile. While the
 * database is away it holds a bounded amount, lets the processes wait, and tries again.
 */
export function createLogWriter({ pool, clock, workerId, logger }: LogWriterOptions): LogWriter {
  const sql = sqlOf(pool);
  /** Of attempts that have written something. */
  const logs = new Set<OpenLog>();
  let waitingMemory = 0;
  let lastFlushAt = -Infinity;

  const duty: Duty = { name: 'log-writer', intervalMs: IDLE_MS, runOnce };
  const loop = startDuty(duty, logger);
  const timer = new EarliestTimer(() => loop.wake());

  return {
    open(options) {
      const log: OpenLog = new OpenLog(options, workerId(), {
        nowMs: () => clock.databaseNow().getTime(),
        hasChanged: (memoryDelta, isUrgent) => {
          logs.add(log);
          waitingMemory += memoryDelta;
          if (isUrgent) timer.ringIn(0);
          else schedule(log);
        },
        isCrowded: () => waitingMemory > MOST_WAITING_MEMORY,
        hasClosed: () => logs.delete(log),
      });
      return log;
    },
    duty,
    async stop() {
      timer.cancel();
      await loop.stop();
    },
  };

  async function runOnce() {
    const nowMs = clock.databaseNow().getTime();
    lastFlushAt = performance.now();
    const batch = collect(nowMs);
    if (batch.size === 0) return { counts: { chunks: 0, lines: 0, lost: 0 }, ...nextLook() };
    const { stored, lost } = await store(sql, batch, logger);
    const lines = sum(stored.map((log) => batch.get(log)!.lineCount));
    for (const log of stored) log.acknowledge();
    for (const log of lost) log.loseLease();
    return { counts: { chunks: stored.length, lines, lost: lost.length }, ...nextLook() };
  }

  function collect(nowMs: number): Map<OpenLog, ChunkToStore> {
    const batch = new Map<OpenLog, ChunkToStore>();
    let bytes = 0;
    for (const log of logs) {
      const chunk = log.take(nowMs);
      if (!chunk) continue;
      batch.set(log, chunk);
      bytes += chunk.byteCount;
      if (bytes >= LARGEST_FLUSH_BYTES) {
        // Whoever was served goes to the back, so that a flood doesn't keep the others out.
        for (const served of batch.keys()) {
          logs.delete(served);
          logs.add(served);
        }
        break;
      }
    }
    return batch;
  }

  function schedule(log: OpenLog): void {
    const inMs = log.takeInMs(clock.databaseNow().getTime());
    if (inMs !== null)
      timer.ringIn(Math.max(inMs, lastFlushAt + BETWEEN_FLUSHES_MS - performance.now()));
  }

  function nextLook(): { nextInMs?: number } {
    let nextInMs = IDLE_MS;
    for (const log of logs) {
      const inMs = log.takeInMs(clock.databaseNow().getTime());
      if (inMs === null) continue;
      if (log.isEnding) return { nextInMs: 0 };
      nextInMs = Math.min(nextInMs, Math.max(inMs, BETWEEN_FLUSHES_MS));
    }
    return { nextInMs };
  }
}

/**
 * Stores a batch. A chunk that the database refuses for what it is (its month is dropped, for example) must not keep the
 * others out: after such a refusal they go one by one, and it alone is given up.
 */
async function store(
  sql: Sql,
  batch: ReadonlyMap<OpenLog, ChunkToStore>,
  logger: Logger,
): Promise<{ stored: OpenLog[]; lost: OpenLog[] }> {
  const stored: OpenLog[] = [];
  const lost: OpenLog[] = [];
  const sort = (keys: ReadonlySet<string>, log: OpenLog, { runId, seq }: ChunkToStore) =>
    (keys.has(chunkKey(runId, seq)) ? stored : lost).push(log);
  try {
    const keys = await appendChunksIfStillOwned(sql, [...batch.values()]);
    for (const [log, chunk] of batch) sort(keys, log, chunk);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    for (const [log, chunk] of batch) {
      try {
        sort(await appendChunksIfStillOwned(sql, [chunk]), log, chunk);
      } catch (refusal) {
        if (!isRefusal(refusal)) throw refusal;
        const { runId, seq } = chunk;
        logger.error({ err: refusal, runId, seq }, 'the database refuses a log chunk; dropped');
        stored.push(log);
      }
    }
  }
  return { stored, lost };
}

/** Bad data, a violated constraint, a limit of the program: the same statement fails the next time too. */
function isRefusal(error: unknown): boolean {
  return /^(22|23|54)/.test(errorCode(error) ?? '');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
