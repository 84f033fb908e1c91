import { expect, test } from 'vitest';
import { readInstant } from './instants.ts';

const now = new Date('2026-03-09T08:00:00Z');

test.each([
  ['2026-03-08', '2026-03-08T00:00:00.000Z'],
  ['2026-03-08T10:00Z', '2026-03-08T10:00:00.000Z'],
  ['2026-03-08T10:00:00.5+02:00', '2026-03-08T08:00:00.500Z'],
  ['90m', '2026-03-09T06:30:00.000Z'],
  ['7d', '2026-03-02T08:00:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(readInstant('--from', text, now).toISOString()).toBe(instant);
});

test.each(['yesterday', '2026-02-30', '2026-13-01', '2026-03-08T10:00', '7 d', '', '-1h'])(
  '%j is refused, with what may be written',
  (text) => {
    expect(() => readInstant('--from', text, now)).toThrow(/^--from .* is no instant\. Give one/);
  },
);
