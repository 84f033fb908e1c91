import type { Sql } from '../db.ts';

/** Which log: chunks are partitioned by their run's `scheduled_for`. */
export type LogPlace = { runId: number; scheduledFor: Date; isLive: boolean };

export type ChunkRow = {
  seq: number;
  attempt: number;
  first_line: number;
  line_count: number;
  byte_count: number;
  body: string;
};

// So many chunks are looked at for a page: a program that prints a dot a second makes chunks of a byte.
const MOST_CHUNKS = 2_000;

const OF_RUN = 'run_id = $1::bigint AND scheduled_for = $2::timestamptz';
const COLUMNS = 'seq, attempt, first_line, line_count, byte_count, body';

/** @returns null when there is no such run */
export async function readLogPlace(sql: Sql, runId: number): Promise<LogPlace | null> {
  const [row] = await sql<{ scheduled_for: Date; is_live: boolean }>(
    `SELECT scheduled_for, is_live FROM run WHERE is_live IN (true, false) AND id = $1::bigint LIMIT 1`,
    [runId],
  );
  return row ? { runId, scheduledFor: row.scheduled_for, isLive: row.is_live } : null;
}

/** The chunks after `seq`, in order: the next one at least, then more while they add up to less than `mostBytes`. */
export function readChunksAfter(
  sql: Sql,
  { runId, scheduledFor }: LogPlace,
  seq: number,
  mostBytes: number,
): Promise<ChunkRow[]> {
  return sql<ChunkRow>(
    `SELECT ${COLUMNS}
       FROM (SELECT next.*, sum(byte_count) OVER (ORDER BY seq) - byte_count AS bytes_before
               FROM (SELECT ${COLUMNS}
                       FROM log_chunk
                      WHERE ${OF_RUN} AND seq > $3::int
                      ORDER BY seq
                      LIMIT ${MOST_CHUNKS}) AS next) AS counted
      WHERE bytes_before = 0 OR bytes_before + byte_count <= $4::bigint
      ORDER BY seq`,
    [runId, scheduledFor, seq, mostBytes],
  );
}

/** The chunks before `seq`, in order: back to `after`, or until they have `lines` lines, or nearly `mostBytes` bytes. */
export function readChunksBefore(
  sql: Sql,
  { runId, scheduledFor }: LogPlace,
  seq: number,
  lines: number,
  mostBytes: number,
  after = -1,
): Promise<ChunkRow[]> {
  return sql<ChunkRow>(
    `SELECT ${COLUMNS}
       FROM (SELECT last.*,
                    sum(line_count) OVER (ORDER BY seq DESC) - line_count AS lines_after,
                    sum(byte_count) OVER (ORDER BY seq DESC) - byte_count AS bytes_after
               FROM (SELECT ${COLUMNS}
                       FROM log_chunk
                      WHERE ${OF_RUN} AND seq < $3::int AND seq > $6::int
                      ORDER BY seq DESC
                      LIMIT ${MOST_CHUNKS}) AS last) AS counted
      WHERE lines_after < $4::bigint AND (bytes_after = 0 OR bytes_after + byte_count <= $5::bigint)
      ORDER BY seq`,
    [runId, scheduledFor, seq, lines, mostBytes, after],
  );
}

/** Whether the log has chunks before the first and after the last of a page, and between the first and `after`. */
export async function readAround(
  sql: Sql,
  { runId, scheduledFor }: LogPlace,
  { first, last, after }: { first: number; last: number; after: number },
): Promise<{ hasEarlier: boolean; hasLater: boolean; skipped: boolean }> {
  const chunk = (where: string) => `EXISTS (SELECT FROM log_chunk WHERE ${OF_RUN} AND ${where})`;
  const [row] = await sql<{ hasEarlier: boolean; hasLater: boolean; skipped: boolean }>(
    `SELECT ${chunk('seq < $3::int')} AS "hasEarlier",
            ${chunk('seq > $4::int')} AS "hasLater",
            ${chunk('seq > $5::int AND seq < $3::int')} AS skipped`,
    [runId, scheduledFor, first, last, after],
  );
  return row!;
}

/** The chunk in which a line begins; null when the log doesn't reach so far. */
export async function readSeqOfLine(
  sql: Sql,
  { runId, scheduledFor }: LogPlace,
  line: number,
): Promise<number | null> {
  const [row] = await sql<{ seq: number }>(
    `SELECT seq
       FROM log_chunk
      WHERE ${OF_RUN}
        AND first_line <= $3::int AND first_line + line_count > $3::int
      ORDER BY seq
      LIMIT 1`,
    [runId, scheduledFor, line],
  );
  return row?.seq ?? null;
}

/** The whole log in order, in batches of about 1 MB, so that no reader ever holds all of it. */
export async function* readAllChunks(sql: Sql, place: LogPlace): AsyncGenerator<ChunkRow> {
  let seq = -1;
  for (;;) {
    const chunks = await readChunksAfter(sql, place, seq, 1_000_000);
    if (chunks.length === 0) return;
    yield* chunks;
    seq = chunks.at(-1)!.seq;
  }
}
