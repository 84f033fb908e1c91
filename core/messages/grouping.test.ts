import { describe, expect, test } from 'vitest';
import {
  MOST_A_MINUTE,
  MOST_TRIES,
  nextToSend,
  pauseAfterMs,
  type SentLately,
} from './grouping.ts';

const at = new Date('2026-11-21T09:14:00Z');
const quiet: SentLately = { messages: 0, oldestAt: null, summaryAt: null };
const waiting = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: n + 1, event: 'opened' }));

describe('what a channel sends next', () => {
  test('a few problems one by one, the oldest first', () => {
    expect(nextToSend(waiting(MOST_A_MINUTE), quiet, true)).toEqual({ send: 'one', id: 1 });
    expect(nextToSend([], quiet, true)).toEqual({ send: 'nothing', until: null });
  });

  test('many at once as one', () => {
    const next = nextToSend(waiting(200), quiet, true);
    expect(next).toMatchObject({ send: 'summary' });
    expect(next.send === 'summary' && next.ids).toHaveLength(200);
  });

  test('what comes after a summary a minute later, however much it is', () => {
    const lately = { messages: 1, oldestAt: at, summaryAt: at };
    expect(nextToSend(waiting(180), lately, true)).toEqual({
      send: 'nothing',
      until: new Date(at.getTime() + 60_000),
    });
  });

  test('the one that is too many in a minute when the minute is over', () => {
    const lately = { messages: MOST_A_MINUTE, oldestAt: at, summaryAt: null };
    expect(nextToSend(waiting(1), lately, true)).toEqual({
      send: 'nothing',
      until: new Date(at.getTime() + 60_000),
    });
    expect(nextToSend(waiting(2), lately, true)).toEqual({ send: 'summary', ids: [1, 2] });
  });

  test('each by itself where the channel isn’t for people', () => {
    expect(nextToSend(waiting(200), quiet, false)).toEqual({ send: 'one', id: 1 });
  });

  test('a test before all others, and a summary never in a summary', () => {
    const busy = { messages: 40, oldestAt: at, summaryAt: at };
    const test = { id: 201, event: 'test' };
    expect(nextToSend([...waiting(200), test], busy, true)).toEqual({ send: 'one', id: 201 });
    const again = { id: 3, event: 'summary' };
    expect(nextToSend([again, ...waiting(9)], quiet, true)).toEqual({ send: 'one', id: 3 });
  });
});

describe('the pause after a try that failed', () => {
  test('grows, and ends after the last', () => {
    const pauses = Array.from({ length: MOST_TRIES }, (_, n) => pauseAfterMs(n + 1, undefined));
    expect(pauses.slice(0, 4)).toEqual([10_000, 30_000, 90_000, 270_000]);
    expect(pauses.at(-2)).toBe(3_600_000);
    expect(pauses.at(-1)).toBeNull();
  });

  test('is as long as the other side asks, up to an hour', () => {
    expect(pauseAfterMs(1, 120_000)).toBe(120_000);
    expect(pauseAfterMs(1, 1)).toBe(10_000);
    expect(pauseAfterMs(1, 86_400_000)).toBe(3_600_000);
  });
});
