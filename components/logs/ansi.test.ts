import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spansOf } from './ansi.ts';

const ESC = '\u001b';

test('a plain line is one span', () => {
  expect(spansOf('all is well')).toEqual([{ text: 'all is well' }]);
});

test('colours begin and end where their codes stand', () => {
  expect(spansOf(`a ${ESC}[31mred${ESC}[0m b`)).toEqual([
    { text: 'a ' },
    { text: 'red', color: 'var(--fail-ink)' },
    { text: ' b' },
  ]);
});

test('bold, 256 and true colours are understood together', () => {
  const [bold, cube, real] = spansOf(
    `${ESC}[1;32mbold${ESC}[22;38;5;196mcube${ESC}[38;2;1;2;3mreal`,
  );
  expect(bold).toEqual({ text: 'bold', isBold: true, color: 'var(--ok-ink)' });
  expect(cube).toEqual({
    text: 'cube',
    color: 'color-mix(in oklab, rgb(255 0 0) 50%, var(--ink))',
  });
  expect(real?.color).toBe('color-mix(in oklab, rgb(1 2 3) 50%, var(--ink))');
});

test('only http and https addresses become links, without the full stop behind them', () => {
  expect(spansOf('see https://example.org/a?b=1. javascript:alert(1)')).toEqual([
    { text: 'see ' },
    { text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
    { text: '. javascript:alert(1)' },
  ]);
});

test('no text is lost and none is made up, whatever the codes', () => {
  const code = fc.array(fc.nat(120), { maxLength: 6 }).map((codes) => `${ESC}[${codes.join(';')}m`);
  const word = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '<', '&', '/', ':', '.') });
  fc.assert(
    fc.property(fc.array(fc.oneof(code, word)), (parts) => {
      const text = parts.filter((part) => !part.startsWith(ESC)).join('');
      expect(
        spansOf(parts.join(''))
          .map((span) => span.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('drops what moves a cursor, erases or names a window', () => {
  const line = '␛[2K␛[1A␛]0;title␇a ␛]8;;http://example.org␛\\link␛]8;;␛\\ ␛[?25lb';
  expect(
    spansOf(line)
      .map((span) => span.text)
      .join(''),
  ).toBe('a link b');
});
