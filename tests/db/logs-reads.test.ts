import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { type Actor, NotAllowed } from '#core/auth/permissions.ts';
import { encodePieces, firstSeqOf, type LogPiece } from '#core/logs/codec.ts';
import {
  findFirstError,
  findInLog,
  type LogPage,
  readLog,
  streamLogText,
} from '#core/logs/logs.ts';
import type { Outcome } from '#core/outcome.ts';
import { closeConnections } from '#core/prisma.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeRunningRun } from '#tests/support/running-run.ts';

const viewer: Actor = {
  kind: 'user',
  id: 'v',
  name: 'A viewer',
  email: 'viewer@example.com',
  grants: [usualGrant('viewer')],
  address: null,
};
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  vi.stubEnv('DATABASE_URL', db.url);
});
afterAll(async () => {
  await closeConnections();
  await db.drop();
});

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}

/** A run with these lines, `perChunk` of them in each chunk; the second half is of a second attempt. */
async function runWithLog(lines: readonly string[], perChunk: number): Promise<number> {
  const run = await makeRunningRun(db);
  const chunks: unknown[][] = [[], [], [], [], [], []];
  const half = Math.ceil(lines.length / 2);
  for (let at = 0, n = 0; at < lines.length; at += perChunk, n++) {
    const part = lines.slice(at, at + perChunk);
    const attempt = at < half ? 1 : 2;
    const pieces = part.map((text, index): LogPiece => ({
      line: at + index + 1,
      continues: false,
      stream: 'stdout',
      atMs: 1_795_000_000_000 + at + index,
      text,
    }));
    chunks[0]!.push(firstSeqOf(attempt) + n);
    chunks[1]!.push(attempt);
    chunks[2]!.push(at + 1);
    chunks[3]!.push(part.length);
    chunks[4]!.push(part.reduce((bytes, text) => bytes + text.length + 1, 0));
    chunks[5]!.push(encodePieces(pieces));
  }
  await db.sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
     SELECT run.id, run.scheduled_for, given.*
       FROM run, unnest($2::int[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::text[]) AS given
      WHERE run.is_live AND run.id = $1::bigint`,
    [run.id, ...chunks],
  );
  return run.id;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}`);
const textsOf = (page: LogPage) => page.pieces.map((piece) => piece.text);

describe('a page of a log', () => {
  it('follows another without a hole or a repetition, forwards and backwards', async () => {
    const lines = Array.from(
      { length: 30_000 },
      (_, index) => `line ${index + 1} ${'x'.repeat(60)}`,
    );
    const runId = await runWithLog(lines, 100);
    const forwards: string[] = [];
    let page = valueOf(await readLog(viewer, { runId, at: { from: 'after', seq: -1 } }));
    expect(page.hasEarlier).toBe(false);
    for (;;) {
      forwards.push(...textsOf(page));
      if (!page.hasLater) break;
      page = valueOf(await readLog(viewer, { runId, at: { from: 'after', seq: page.lastSeq! } }));
    }
    expect(forwards).toEqual(lines);

    const backwards: string[] = [];
    page = valueOf(await readLog(viewer, { runId, at: { from: 'tail', lines: 1_000 } }));
    expect(page.hasLater).toBe(false);
    for (;;) {
      backwards.unshift(...textsOf(page));
      if (!page.hasEarlier) break;
      page = valueOf(
        await readLog(viewer, { runId, at: { from: 'before', seq: page.firstSeq!, lines: 5_000 } }),
      );
    }
    expect(backwards).toEqual(lines);
  });

  it('of the tail has the lines that were asked for and little more', async () => {
    const runId = await runWithLog(numbered(10_000), 50);
    const page = valueOf(await readLog(viewer, { runId, at: { from: 'tail', lines: 120 } }));
    expect(textsOf(page)).toEqual(numbered(10_000).slice(-150));
    expect(page).toMatchObject({ hasEarlier: true, hasLater: false, isLive: true });
    expect(page.pieces.at(-1)).toMatchObject({ line: 10_000, attempt: 2, atMs: 1_795_000_009_999 });
  });

  it('of what is new follows the one before it, and is the end where that is more than fits', async () => {
    const lines = numbered(30_000).map((line) => `${line} ${'x'.repeat(60)}`);
    const runId = await runWithLog(lines, 100);
    const newest = async (seq: number) =>
      valueOf(await readLog(viewer, { runId, at: { from: 'newest', seq } }));
    const all = await newest(-1);
    expect(all).toMatchObject({ skipped: true, hasEarlier: true, hasLater: false });
    expect(textsOf(all)).toEqual(lines.slice(-textsOf(all).length));
    expect(textsOf(all).length).toBeGreaterThan(1_000);

    const seen = valueOf(
      await readLog(viewer, { runId, at: { from: 'before', seq: all.lastSeq! } }),
    );
    const rest = await newest(seen.lastSeq!);
    expect(rest).toMatchObject({ skipped: false, hasEarlier: true, hasLater: false });
    expect(textsOf(rest)).toEqual(lines.slice(-100));
    expect(await newest(all.lastSeq!)).toMatchObject({ pieces: [], skipped: false, isLive: true });
  });

  it('around a line has it with what stands before', async () => {
    const runId = await runWithLog(numbered(10_000), 50);
    const page = valueOf(await readLog(viewer, { runId, at: { from: 'line', line: 4_711 } }));
    const numbers = page.pieces.map((piece) => piece.line);
    expect(numbers).toContain(4_711);
    expect(numbers[0]).toBeLessThan(4_600);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    expect(page).toMatchObject({ hasEarlier: true });
    expect(await readLog(viewer, { runId, at: { from: 'line', line: 10_001 } })).toMatchObject({
      ok: false,
      refusal: { code: 'not_found' },
    });
  });

  it('of a run without output is empty, of no run a refusal', async () => {
    const runId = await runWithLog([], 1);
    expect(valueOf(await readLog(viewer, { runId, at: { from: 'tail' } }))).toEqual({
      pieces: [],
      firstSeq: null,
      lastSeq: null,
      hasEarlier: false,
      hasLater: false,
      skipped: false,
      isLive: true,
    });
    expect(await readLog(viewer, { runId: 999_999, at: { from: 'tail' } })).toMatchObject({
      ok: false,
    });
    expect(await readLog(viewer, { runId: -1, at: { from: 'tail' } })).toMatchObject({
      ok: false,
      refusal: { code: 'invalid' },
    });
  });

  it('of a chunk larger than a page comes whole', async () => {
    const runId = await runWithLog(['x'.repeat(700_000), 'y'], 1);
    const page = valueOf(await readLog(viewer, { runId, at: { from: 'after', seq: -1 } }));
    expect(page.pieces).toHaveLength(1);
    expect(page.hasLater).toBe(true);
  });
});

describe('a log of 10 MB', () => {
  let runId: number;
  const lines = Array.from({ length: 100_000 }, (_, index) =>
    index === 77_776 ? 'ERROR: Connection Refused by peer' : `line ${index + 1} ${'x'.repeat(90)}`,
  );
  beforeAll(async () => {
    runId = await runWithLog(lines, 500);
  });

  const timed = async <T>(work: () => Promise<T>) => {
    const startedAt = performance.now();
    const value = await work();
    return { value, ms: performance.now() - startedAt };
  };

  it('shows its tail without being read as a whole', async () => {
    const tail = () => readLog(viewer, { runId, at: { from: 'tail', lines: 1_000 } });
    await tail();
    const { value, ms } = await timed(tail);
    expect(valueOf(value).pieces).toHaveLength(1_000);
    expect(ms).toBeLessThan(200);
  });

  it('is searched, and its first error found', async () => {
    const { value, ms } = await timed(() =>
      findInLog(viewer, { runId, text: 'connection refused' }),
    );
    expect(valueOf(value)).toEqual({ lines: [77_777], count: 1 });
    expect(ms).toBeLessThan(5_000);
    expect(valueOf(await findFirstError(viewer, runId))).toBe(77_777);
  });

  it('is downloaded part by part', async () => {
    let text = '';
    let largest = 0;
    for await (const part of valueOf(await streamLogText(viewer, runId, { times: false }))) {
      text += part;
      largest = Math.max(largest, part.length);
    }
    expect(text).toBe(`${lines.join('\n')}\n`);
    expect(largest).toBeLessThan(1_000_000);
  });
});

it('rule 12: every read of a log asks for the permission', async () => {
  const nobody: Actor = { ...viewer, grants: [{ role: 'viewer', label: null, extra: [] }] };
  const runId = await runWithLog(['secret'], 1);
  await expect(readLog(nobody, { runId, at: { from: 'tail' } })).rejects.toThrow(NotAllowed);
  await expect(findInLog(nobody, { runId, text: 'secret' })).rejects.toThrow(NotAllowed);
  await expect(findFirstError(nobody, runId)).rejects.toThrow(NotAllowed);
  await expect(streamLogText(nobody, runId, { times: true })).rejects.toThrow(NotAllowed);
});
