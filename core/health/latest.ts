import { performance } from 'node:perf_hooks';
import { sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { webPool } from '../prisma.ts';
import type { Figures } from './figures.ts';
import { judge, type Judged, judgeOtherSchema } from './judge.ts';
import { readFreeBytes } from './own-disk.ts';
import { readFigures } from './read-figures.ts';

/** What this process last saw of Punctual itself. */
export type Seen = { judged: Judged[]; startLagMs: number | null };

const held = globalThis as { punctualHealth?: { seen: Seen; atMs: number } };
// The watch of a console looks every 10 s. What is older was seen by a watch that stands still.
const FRESH_MS = 15_000;
// What is bad may have been mended by now, as at a start where the console looked before the worker was there.
const FRESH_IF_BAD_MS = 2_000;

/** For the watch of a web process: what it saw serves all pages, however many are open. */
export function keepSeen(judged: Judged[], figures: Figures | null): void {
  held.punctualHealth = { seen: seenOf(judged, figures), atMs: performance.now() };
}

/** What was seen within the last 15 s, or 2 s where something was bad; else what is there now. */
export async function latestSeen(): Promise<Seen> {
  const known = held.punctualHealth;
  if (known && performance.now() - known.atMs < freshMsOf(known.seen)) return known.seen;
  const sql = sqlOf(webPool());
  const figures = await readFigures({ sql, freeBytes: () => readFreeBytes(environment()) });
  const seen =
    'isOtherSchema' in figures
      ? seenOf(judgeOtherSchema(figures), null)
      : seenOf(judge(figures), figures);
  // Where nobody watches, nothing is kept: each look is of now.
  if (known) held.punctualHealth = { seen, atMs: performance.now() };
  return seen;
}

const freshMsOf = ({ judged }: Seen) =>
  judged.some(({ level }) => level === 'bad') ? FRESH_IF_BAD_MS : FRESH_MS;

const seenOf = (judged: Judged[], figures: Figures | null): Seen => ({
  judged,
  startLagMs: figures?.lag.now.own?.p50Ms ?? null,
});
