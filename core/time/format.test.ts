import { describe, expect, test } from 'vitest';
import messages from '../../messages/en/time.json';
import { createTranslator } from 'use-intl/core';
import { dayIn, durationParts, formatAbsolute } from './format.ts';
import { createTimeWords } from './words.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const now = Date.parse('2027-03-23T01:40:12Z');
/** A number and its unit stay on one line; the tests are written with common spaces. */
const common = (said: string) => said.replaceAll('\u00a0', ' ');

const words = createTimeWords(createTranslator({ locale: 'en', messages }), 'en', 'Europe/Berlin');

test.each([
  [-5, '0 s'],
  [400, '0 s'],
  [9_900, '9 s'],
  [59_999, '59 s'],
  [72_400, '1 min 12 s'],
  [6 * HOUR, '6 h'],
])('what goes on is counted in whole seconds: %i ms', (ms, said) => {
  expect(common(words.elapsed(ms))).toBe(said);
});

describe('a length of time', () => {
  test('breaks no line between a number and its unit', () => {
    expect(words.duration(72_000)).toBe('1\u00a0min 12\u00a0s');
  });

  test.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [4, '4 ms'],
    [99, '99 ms'],
    [99.6, '0.1 s'],
    [180, '0.2 s'],
    [3_200, '3.2 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [48_000, '48 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [72_000, '1 min 12 s'],
    [HOUR - 400, '1 h'],
    [52 * MINUTE, '52 min'],
    [6 * HOUR, '6 h'],
    [5 * HOUR + 12 * MINUTE + 29 * SECOND, '5 h 12 min'],
    [DAY - 1, '1 day'],
    [2 * DAY + 3 * HOUR, '2 days 3 h'],
  ])('%d ms reads %s', (ms, text) => {
    expect(common(words.duration(ms))).toBe(text);
  });

  test('keeps a decimal up to a minute where lengths are compared', () => {
    expect(common(words.duration(32_240, true))).toBe('32.2 s');
    expect(common(words.duration(59_960, true))).toBe('1 min');
  });

  test('never shows a unit full', () => {
    const full = { ms: 1_000, s: 60, min: 60, h: 24 } as Record<string, number>;
    for (let ms = 0; ms < 3 * DAY; ms += 997) {
      const over = durationParts(ms).find((part) => part.value >= (full[part.unit] ?? Infinity));
      if (over) expect.fail(`${ms} ms gives ${over.value} ${over.unit}`);
    }
  });
});

describe('a distance from now', () => {
  test.each([
    [0, 'now'],
    [999, 'now'],
    [48 * SECOND, 'in 48 s'],
    [MINUTE + 59 * SECOND, 'in 1 min'],
    [-7 * MINUTE, '7 min ago'],
    [23 * HOUR + 50 * MINUTE, 'in 23 h 50 min'],
    [-(6 * HOUR + 20 * SECOND), '6 h ago'],
    [2 * DAY, 'in 2 days'],
    [-13 * DAY, '13 days ago'],
    [-14 * DAY, '2 weeks ago'],
    [-61 * DAY, '2 months ago'],
    [-365 * DAY, '11 months ago'],
    [731 * DAY, 'in 2 years'],
  ])('%d ms away reads %s', (distance, text) => {
    expect(common(words.relative(now + distance, now))).toBe(text);
  });

  test('says how late something is', () => {
    expect(common(words.late(now - 20 * MINUTE, now))).toBe('20 min late');
  });
});

describe('an instant in the zone of the reader', () => {
  test('leaves out the day when it is today there', () => {
    expect(words.absolute(now, now)).toBe('02:40');
    expect(words.absolute(Date.parse('2027-03-22T23:00:00Z'), now)).toBe('00:00');
    expect(words.absolute(Date.parse('2027-03-22T22:59:00Z'), now)).toBe('Mon 22 Mar, 23:59');
  });

  test('names the year when it is another', () => {
    expect(words.absolute(Date.parse('2026-12-31T22:59:00Z'), now)).toBe('31 Dec 2026, 23:59');
  });

  test('names a day without its hour', () => {
    expect(words.absolute(now, now, 'day')).toBe('Tue 23 Mar');
    expect(words.absolute(Date.parse('2027-12-31T23:30:00Z'), now, 'day')).toBe('1 Jan 2028');
  });

  test('writes midnight as 00 and not as 24', () => {
    const midnight = Date.parse('2027-03-22T23:00:00Z');
    expect(words.absolute(midnight, now, 'seconds')).toBe('00:00:00');
    expect(words.absolute(midnight + 7, now, 'millis')).toBe('00:00:00.007');
  });

  test('follows the change of the clocks', () => {
    expect(words.absolute(Date.parse('2027-03-28T00:59:00Z'), now, 'time')).toBe('01:59');
    expect(words.absolute(Date.parse('2027-03-28T01:00:00Z'), now, 'time')).toBe('03:00');
  });

  test('knows the day of an instant in a zone', () => {
    expect(dayIn(now, 'Europe/Berlin')).toBe('2027-03-23');
    expect(dayIn(now, 'America/New_York')).toBe('2027-03-22');
  });

  test('writes the full form with the zone', () => {
    const text = formatAbsolute(now, 'full', {
      locale: 'en',
      timeZone: 'Europe/Berlin',
      nowMs: now,
    });
    expect(text).toContain('02:40:12');
    expect(text).toMatch(/CET|GMT\+1/);
  });
});
