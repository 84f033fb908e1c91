import { z } from 'zod';
import { type Actor, authorize, authorizeForSome } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { wordsOfGoneRun } from '../history/gone-run.ts';
import { done, type Outcome, type Refused, refuse } from '../outcome.ts';
import { RunId } from '../ids.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { isRunFor } from '../runs/run-for.ts';
import { decodePieces, type LogPiece } from './codec.ts';
import { findFirstComplaint, findText } from './find.ts';
import {
  type ChunkRow,
  type LogPlace,
  readAllChunks,
  readAround,
  readChunksAfter,
  readChunksBefore,
  readLogPlace,
  readSeqOfLine,
} from './logs.sql.ts';
import { plainText } from './plain-text.ts';

/** A part of a run's log in order; joinPieces (lines.ts) makes lines of it. */
export type LogPage = {
  pieces: (LogPiece & { attempt: number })[];
  /** For the page before and after this one (`before`, `after`); null when this page is empty. */
  firstSeq: number | null;
  lastSeq: number | null;
  /** There is more in front of this page. */
  hasEarlier: boolean;
  /** There is more behind it already. Without it, and with `isLive`, more may come: ask again after `lastSeq`. */
  hasLater: boolean;
  /** Between what was asked for and this page there is more, which didn't fit (`newest`). */
  skipped: boolean;
  /** The run hasn't ended. */
  isLive: boolean;
};

const LAST = 2_147_483_647;
const Seq = z.int().min(-1).max(LAST);
const NO_LINE = 'This log has no such line. Lines are counted from 1.';

/**
 * Where to read: the last lines, what follows or precedes a page (by its `lastSeq`, `firstSeq`; -1 is the beginning), what
 * is new since a page (of more than fits, the end), or around a line. Whole chunks come, so that a page may have more lines
 * than asked for.
 */
export const ReadLog = z.object({
  runId: RunId,
  at: z.discriminatedUnion('from', [
    z.object({ from: z.literal('tail'), lines: z.int().min(1).max(10_000).default(1_000) }),
    z.object({ from: z.literal('after'), seq: Seq }),
    z.object({ from: z.literal('newest'), seq: Seq }),
    z.object({
      from: z.literal('before'),
      seq: Seq,
      lines: z.int().min(1).max(10_000).default(1_000),
    }),
    z.object({ from: z.literal('line'), line: z.int().min(1, NO_LINE).max(LAST, NO_LINE) }),
  ]),
});

export const FindInLog = z.object({
  runId: RunId,
  text: z.string().min(1, 'Say what to look for.').max(200, 'Use at most 200 characters.'),
});

export type LogMatches = {
  /** Numbers of the lines that hold the text, the first 1,000 of them. */
  lines: number[];
  /** How many there are in all. */
  count: number;
};

const MOST_BYTES = 512 * 1024;
/** How many lines stand before the one that is jumped to. */
const LINES_BEFORE = 200;

/** A page of a run's log. A run that hasn't written anything has an empty one. */
export async function readLog(
  actor: Actor,
  input: z.input<typeof ReadLog>,
): Promise<Outcome<LogPage>> {
  authorizeForSome(actor, 'log:read');
  const parsed = ReadLog.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { runId, at } = parsed.data;
  const place = await placeOf(actor, runId);
  if (!place) return noSuchRun(runId);
  switch (at.from) {
    case 'tail':
      return done({ ...(await pageOfEnd(place, -1, at.lines)), skipped: false });
    case 'newest':
      return done(await pageOfEnd(place, at.seq, LAST));
    case 'before':
      return done(await pageBefore(place, at.seq, at.lines));
    case 'after':
      return done(await pageAfter(place, at.seq));
    case 'line': {
      const seq = await readSeqOfLine(sql(), place, at.line);
      if (seq === null) return refuse('not_found', `This log has no line ${at.line} (any more).`);
      return done(await pageAround(place, seq));
    }
  }
}

/** Finds a plain text, upper and lower case alike, also where a line was written piece by piece. */
export async function findInLog(
  actor: Actor,
  input: z.input<typeof FindInLog>,
): Promise<Outcome<LogMatches>> {
  authorizeForSome(actor, 'log:read');
  const parsed = FindInLog.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const place = await placeOf(actor, parsed.data.runId);
  if (!place) return noSuchRun(parsed.data.runId);
  return done(await findText(readAllChunks(sql(), place), parsed.data.text));
}

/** The first line that reads like an error, else the first of standard error; null when there is neither. */
export async function findFirstError(actor: Actor, runId: number): Promise<Outcome<number | null>> {
  authorizeForSome(actor, 'log:read');
  const place = await placeOf(actor, runId);
  if (!place) return noSuchRun(runId);
  return done(await findFirstComplaint(readAllChunks(sql(), place)));
}

/**
 * The whole log as text for a download, part by part: it is never in memory as a whole. With `times` each line begins with
 * its time (UTC) and stream.
 */
export async function streamLogText(
  actor: Actor,
  runId: number,
  options: { times: boolean },
): Promise<Outcome<AsyncGenerator<string>>> {
  authorizeForSome(actor, 'log:read');
  const place = await placeOf(actor, runId);
  if (!place) return noSuchRun(runId);
  return done(plainText(readAllChunks(sql(), place), options));
}

async function pageAfter(place: LogPlace, seq: number): Promise<LogPage> {
  return pageOf(place, await readChunksAfter(sql(), place, seq, MOST_BYTES));
}

async function pageBefore(place: LogPlace, seq: number, lines: number): Promise<LogPage> {
  return pageOf(place, await readChunksBefore(sql(), place, seq, lines, MOST_BYTES));
}

/** The end, whatever is written while it is read: a live log goes on after `lastSeq`. */
async function pageOfEnd(place: LogPlace, after: number, lines: number): Promise<LogPage> {
  const chunks = await readChunksBefore(sql(), place, LAST, lines, MOST_BYTES, after);
  return { ...(await pageOf(place, chunks, after)), hasLater: false };
}

async function pageAround(place: LogPlace, seq: number): Promise<LogPage> {
  const before = await readChunksBefore(sql(), place, seq, LINES_BEFORE, MOST_BYTES / 4);
  const after = await readChunksAfter(sql(), place, seq - 1, MOST_BYTES);
  return pageOf(place, [...before, ...after]);
}

/** Of chunks that were read after `after`, if they were. */
async function pageOf(
  place: LogPlace,
  chunks: readonly ChunkRow[],
  after = LAST,
): Promise<LogPage> {
  const pieces = chunks.flatMap(({ body, first_line, attempt }) =>
    decodePieces(body, first_line).map((piece) => ({ ...piece, attempt })),
  );
  const [first, last] = [chunks[0]?.seq, chunks.at(-1)?.seq];
  const ends = { firstSeq: first ?? null, lastSeq: last ?? null };
  const { isLive } = place;
  if (first === undefined || last === undefined)
    return { pieces, ...ends, hasEarlier: false, hasLater: false, skipped: false, isLive };
  const around = await readAround(sql(), place, { first, last, after });
  return { pieces, ...ends, ...around, isLive };
}

/**
 * Null where the actor may know of no such run.
 * @throws NotAllowed where they may, and not read its log
 */
async function placeOf(actor: Actor, runId: number): Promise<LogPlace | null> {
  if (!RunId.safeParse(runId).success) return null;
  if (!(await isRunFor(sql(), actor, 'run:read', runId))) return null;
  if (!(await isRunFor(sql(), actor, 'log:read', runId))) authorize(actor, 'log:read');
  return readLogPlace(sql(), runId);
}

async function noSuchRun(runId: number): Promise<Refused> {
  const words = await wordsOfGoneRun(sql(), runId);
  return refuse(
    'not_found',
    words ?? `There is no run ${runId}, or its history isn’t kept any more.`,
  );
}

const sql = () => sqlOf(webPool());
