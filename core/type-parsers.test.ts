import pg from 'pg';
import { expect, test } from 'vitest';
import './type-parsers.ts';

const read: (text: string) => unknown = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);

test.each([
  ['2026-11-22 08:30:01+00', '2026-11-22T08:30:01.000Z'],
  ['2026-11-22 08:30:01.1+00', '2026-11-22T08:30:01.100Z'],
  ['2026-11-22 08:30:01.12+00', '2026-11-22T08:30:01.120Z'],
  ['2028-02-29 23:59:59.999+00', '2028-02-29T23:59:59.999Z'],
  ['2026-11-22 08:30:01.123999+00', '2026-11-22T08:30:01.123Z'],
  ['1969-12-31 23:59:59.001+00', '1969-12-31T23:59:59.001Z'],
  ['2026-11-22 08:30:01+05:30', '2026-11-22T03:00:01.000Z'],
  ['0099-12-31 00:00:00+00', '0099-12-31T00:00:00.000Z'],
  ['12026-11-22 08:30:01+00', '+012026-11-22T08:30:01.000Z'],
])('PostgreSQL’s %s is %s', (text, iso) => {
  expect((read(text) as Date).toISOString()).toBe(iso);
});

test('what has no instant stays what the driver makes of it', () => {
  expect(read('infinity')).toBe(Infinity);
});
