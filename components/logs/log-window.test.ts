import { expect, test } from 'vitest';
import type { LogPage } from '#core/logs/logs.ts';
import {
  firstSeqOf,
  followsAfterScroll,
  lastSeqOf,
  rowOfLine,
  windowOf,
  withEarlier,
  withLater,
  withNews,
} from './log-window.ts';

function page(seq: number, lines: number[], more: Partial<LogPage> = {}): LogPage {
  return {
    pieces: lines.map((line) => ({
      line,
      continues: false,
      stream: 'stdout',
      atMs: line,
      text: `line ${line}`,
      attempt: 1,
    })),
    firstSeq: seq,
    lastSeq: seq,
    hasEarlier: seq > 0,
    hasLater: false,
    skipped: false,
    isLive: true,
    ...more,
  };
}

const empty: LogPage = {
  pieces: [],
  firstSeq: null,
  lastSeq: null,
  hasEarlier: false,
  hasLater: false,
  skipped: false,
  isLive: true,
};

const thousand = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + at);

test('what follows is added once, also when an answer comes twice', () => {
  const window = withLater(windowOf(page(0, [1, 2])), page(1, [3]));
  expect(window.rows.map((row) => row.line)).toEqual([1, 2, 3]);
  expect(withLater(window, page(1, [3]))).toBe(window);
  expect(lastSeqOf(window)).toBe(1);
});

test('a log that was empty takes its first lines', () => {
  const window = withLater(windowOf(empty), page(0, [1]));
  expect(window.rows).toHaveLength(1);
  expect([firstSeqOf(window), lastSeqOf(window)]).toEqual([0, 0]);
});

test('an empty answer only says whether the run goes on', () => {
  const window = withLater(windowOf(page(0, [1])), { ...empty, isLive: false });
  expect(window.rows).toHaveLength(1);
  expect(window.isLive).toBe(false);
});

test('rows stay the same objects when more comes', () => {
  const window = windowOf(page(0, [1, 2]));
  expect(withLater(window, page(1, [3])).rows[0]).toBe(window.rows[0]);
});

test('a flood keeps its end, and says that there is more before it', () => {
  let window = windowOf(page(0, thousand(1, 30_000)));
  window = withLater(window, page(1, thousand(30_001, 30_000)));
  expect(window.rows).toHaveLength(30_000);
  expect(window.hasEarlier).toBe(true);
  expect(rowOfLine(window, 60_000)).toBe(29_999);
});

test('news of more than a page: who follows goes on at the end, who reads elsewhere keeps their place', () => {
  const window = windowOf(page(0, [1, 2]));
  const end = page(9, [900, 901], { skipped: true, hasEarlier: true });
  const followed = withNews(window, end, { isFollowing: true });
  expect(followed.rows.map((row) => row.line)).toEqual([900, 901]);
  expect(followed).toMatchObject({ hasEarlier: true, hasLater: false });
  const kept = withNews(window, end, { isFollowing: false });
  expect(kept.rows).toBe(window.rows);
  expect(kept.hasLater).toBe(true);
});

test('news that fit are added, whether or not one follows', () => {
  for (const isFollowing of [true, false]) {
    const window = withNews(windowOf(page(0, [1])), page(1, [2]), { isFollowing });
    expect(window.rows.map((row) => row.line)).toEqual([1, 2]);
  }
});

test('reading backwards drops the end, and says that there is more behind', () => {
  let window = windowOf(page(1, thousand(30_001, 30_000)));
  window = withEarlier(window, page(0, thousand(1, 30_000)));
  expect(window.rows[0]?.line).toBe(1);
  expect(window.rows).toHaveLength(30_000);
  expect(window.hasLater).toBe(true);
  expect(window.hasEarlier).toBe(false);
});

test('who follows goes on while the end is still being fetched, and stops only by scrolling back', () => {
  expect(followsAfterScroll(true, { isAtEnd: true, hasLater: true })).toBe(true);
  expect(followsAfterScroll(true, { isAtEnd: true, hasLater: false })).toBe(true);
  expect(followsAfterScroll(true, { isAtEnd: false, hasLater: false })).toBe(false);
});

test('who comes to the end of what is in the browser follows only where nothing comes after', () => {
  expect(followsAfterScroll(false, { isAtEnd: true, hasLater: false })).toBe(true);
  expect(followsAfterScroll(false, { isAtEnd: true, hasLater: true })).toBe(false);
});
