import { joinPieces, type LogLine } from '#core/logs/lines.ts';
import type { LogPage } from '#core/logs/logs.ts';

/**
 * The part of a log that is in the browser: consecutive pages, so that a log of any size takes a bounded amount of
 * memory. What is dropped at one end is fetched again when the reader comes back to it.
 */
export type LogWindow = {
  pages: readonly LogPage[];
  rows: readonly LogLine[];
  hasEarlier: boolean;
  hasLater: boolean;
  isLive: boolean;
};

/** Rows kept at most; a page has some thousands. */
const MOST_ROWS = 40_000;

export function windowOf(page: LogPage): LogWindow {
  return {
    pages: [page],
    rows: joinPieces([], page.pieces),
    hasEarlier: page.hasEarlier,
    hasLater: page.hasLater,
    isLive: page.isLive,
  };
}

/** Adds what follows. Rows that don't change stay the same objects, so that only new ones are rendered. */
export function withLater(window: LogWindow, page: LogPage): LogWindow {
  if (page.lastSeq === null) return { ...window, hasLater: false, isLive: page.isLive };
  // An answer that comes twice adds nothing.
  const last = lastSeqOf(window);
  if (last !== null && page.firstSeq! <= last) return window;
  const later: LogWindow = {
    ...window,
    hasLater: page.hasLater,
    pages: [...window.pages, page],
    rows: joinPieces(window.rows, page.pieces),
    isLive: page.isLive,
  };
  return later.rows.length > MOST_ROWS ? withoutPages(later, 'front') : later;
}

/**
 * Adds what is new. Where that is more than a page, who follows the log goes on at its end, and whoever reads elsewhere
 * keeps their place: what lies between is fetched when they scroll there.
 */
export function withNews(
  window: LogWindow,
  page: LogPage,
  { isFollowing }: { isFollowing: boolean },
): LogWindow {
  if (!page.skipped) return withLater(window, page);
  return isFollowing ? windowOf(page) : { ...window, hasLater: true, isLive: page.isLive };
}

/** Adds what comes before. */
export function withEarlier(window: LogWindow, page: LogPage): LogWindow {
  if (page.firstSeq === null) return { ...window, hasEarlier: false };
  const first = firstSeqOf(window);
  if (first !== null && page.lastSeq! >= first) return window;
  const pages = [page, ...window.pages];
  const earlier: LogWindow = {
    ...window,
    pages,
    rows: rowsOf(pages),
    hasEarlier: page.hasEarlier,
  };
  return earlier.rows.length > MOST_ROWS ? withoutPages(earlier, 'back') : earlier;
}

export function lastSeqOf(window: LogWindow): number | null {
  return window.pages.findLast((page) => page.lastSeq !== null)?.lastSeq ?? null;
}

export function firstSeqOf(window: LogWindow): number | null {
  return window.pages.find((page) => page.firstSeq !== null)?.firstSeq ?? null;
}

/** Where the line stands among the rows; null when it isn't in the window. */
export function rowOfLine(window: LogWindow, line: number): number | null {
  const at = window.rows.findIndex((row) => row.line === line);
  return at === -1 ? null : at;
}

/**
 * Whether the view goes on following the end of the log after a scroll. The end of what is in the browser needn't be the
 * end of the log: who comes there begins to follow only where nothing comes after. Who follows goes on, also while it is
 * still being fetched.
 */
export function followsAfterScroll(
  isFollowing: boolean,
  { isAtEnd, hasLater }: { isAtEnd: boolean; hasLater: boolean },
): boolean {
  return isAtEnd && (isFollowing || !hasLater);
}

function withoutPages(window: LogWindow, end: 'front' | 'back'): LogWindow {
  let pages = window.pages;
  let count = window.rows.length;
  while (pages.length > 1 && count > MOST_ROWS) {
    const dropped = end === 'front' ? pages[0]! : pages.at(-1)!;
    count -= dropped.pieces.length;
    pages = end === 'front' ? pages.slice(1) : pages.slice(0, -1);
  }
  return {
    ...window,
    pages,
    rows: rowsOf(pages),
    ...(end === 'front' ? { hasEarlier: true } : { hasLater: true }),
  };
}

function rowsOf(pages: readonly LogPage[]): LogLine[] {
  return joinPieces(
    [],
    pages.flatMap((page) => page.pieces),
  );
}
