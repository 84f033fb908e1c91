import { changePayload } from '../events/events.ts';
import { CONSOLE_CHANNEL, once, type Sql } from '../db.ts';

export type ChunkToStore = {
  runId: number;
  workerId: number;
  attempt: number;
  seq: number;
  firstLine: number;
  lineCount: number;
  byteCount: number;
  body: string;
};

/**
 * Stores a chunk of each of many attempts, in one statement that is also their announcement. A chunk whose run isn't
 * running under this worker and attempt any more is not stored: its key is missing from the answer.
 *
 * The runs' rows are share-locked, so that no attempt can end between the look at the fence and the insert: what the
 * rescuer or finisher counts is all there is. A chunk that is stored already (the answer to it was lost) counts as stored.
 *
 * @returns `runId:seq` of those that are stored and committed
 */
export async function appendChunksIfStillOwned(
  sql: Sql,
  chunks: readonly ChunkToStore[],
): Promise<Set<string>> {
  const rows = await once(() => sql<{ run_id: number; seq: number }>(APPEND, appendValues(chunks)));
  return new Set(rows.map(({ run_id, seq }) => chunkKey(run_id, seq)));
}

/** The parameters of APPEND. */
export function appendValues(chunks: readonly ChunkToStore[]): unknown[] {
  return [
    chunks.map((chunk) => chunk.runId),
    chunks.map((chunk) => chunk.workerId),
    chunks.map((chunk) => chunk.attempt),
    chunks.map((chunk) => chunk.seq),
    chunks.map((chunk) => chunk.firstLine),
    chunks.map((chunk) => chunk.lineCount),
    chunks.map((chunk) => chunk.byteCount),
    chunks.map((chunk) => chunk.body),
    CONSOLE_CHANNEL,
    changePayload('log', [...new Set(chunks.map((chunk) => chunk.runId))]),
  ];
}

export function chunkKey(runId: number, seq: number): string {
  return `${runId}:${seq}`;
}

// LATERAL keeps the lookup of each run an index scan, whatever stale statistics say of the live partition. ORDER BY:
// two writers never wait for each other's rows in a circle.
export const APPEND = `
WITH chunk AS MATERIALIZED (
  SELECT *
    FROM unnest($1::bigint[], $2::int[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[])
      AS given (run_id, worker_id, attempt, seq, first_line, line_count, byte_count, body)
), owned AS MATERIALIZED (
  SELECT chunk.*, mine.scheduled_for
    FROM (SELECT * FROM chunk ORDER BY run_id) AS chunk
    CROSS JOIN LATERAL (
      SELECT run.scheduled_for
        FROM run
       WHERE run.is_live AND run.id = chunk.run_id AND run.state = 'running'
         AND run.worker_id = chunk.worker_id AND run.attempt = chunk.attempt
         FOR SHARE
    ) AS mine
), stored AS (
  INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
  SELECT run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body FROM owned
  ON CONFLICT DO NOTHING
), told AS MATERIALIZED (
  SELECT pg_notify($9::text, $10::text)::text AS sent
)
SELECT owned.run_id, owned.seq FROM owned, told WHERE told.sent IS NOT NULL`;
