import { describe, expect, test } from 'vitest';
import { instantOfWall, wallOfInstant } from './wall-instant.ts';

const iso = (wall: string, zone = 'Europe/Berlin') =>
  new Date(instantOfWall(wall, zone)).toISOString();

describe('the instant of a time on a zone’s clock', () => {
  test.each([
    ['2027-01-05T09:00', '2027-01-05T08:00:00.000Z'],
    ['2027-07-05T09:00:05.250', '2027-07-05T07:00:05.250Z'],
    ['2027-03-28T03:00', '2027-03-28T01:00:00.000Z'],
    // Jumped over.
    ['2027-03-28T02:30', '2027-03-28T01:30:00.000Z'],
    // Shown twice: 02:00 to 02:59.
    ['2027-10-31T02:30', '2027-10-31T00:30:00.000Z'],
    ['2027-10-31T03:00', '2027-10-31T02:00:00.000Z'],
  ])('%s', (wall, instant) => {
    expect(iso(wall)).toBe(instant);
  });

  test('in zones with odd offsets', () => {
    expect(iso('2027-06-01T12:00', 'Asia/Kathmandu')).toBe('2027-06-01T06:15:00.000Z');
    expect(iso('2027-06-01T12:00', 'Pacific/Kiritimati')).toBe('2027-05-31T22:00:00.000Z');
    expect(iso('1950-01-01T00:00', 'Africa/Monrovia')).toBe('1950-01-01T00:44:30.000Z');
  });

  test('is none for what is no time', () => {
    expect(instantOfWall('2027-02-30T09:00', 'UTC')).toBeNaN();
    expect(instantOfWall('soon', 'UTC')).toBeNaN();
  });

  test('is where the time came from, but on the second pass', () => {
    const hours = Array.from({ length: 24 * 400 }, (_, hour) => Date.UTC(2027, 0, 1, hour));
    const wrong = hours.filter(
      (ms) => instantOfWall(wallOfInstant(ms, 'Europe/Berlin'), 'Europe/Berlin') !== ms,
    );
    expect(wrong.map((ms) => new Date(ms).toISOString())).toEqual(['2027-10-31T01:00:00.000Z']);
  });
});
