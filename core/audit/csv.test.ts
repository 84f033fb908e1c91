import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+49 30 1234', "'+49 30 1234"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=cmd', "'\t=cmd"],
  ['  =cmd|calc', "'  =cmd|calc"],
  ['\r=cmd', `"'\r=cmd"`],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['a=b', 'a=b'],
  ['two\nlines', '"two\nlines"'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['', ''],
])('%j stands as %j', (given, expected) => {
  expect(csvLine([given])).toBe(`${expected}\r\n`);
});

test('numbers and nothing stand as they are', () => {
  expect(csvLine([7, null, 'x', -3])).toBe('7,,x,-3\r\n');
});
