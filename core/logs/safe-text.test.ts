import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasControls, openColourAt, withoutColours, withVisibleControls } from './safe-text.ts';

const ESC = '\u001b';

it('keeps tabs and colours, shows everything else that controls', () => {
  expect(withVisibleControls(`a\tb${ESC}[1;31mred${ESC}[0m`)).toBe(`a\tb${ESC}[1;31mred${ESC}[0m`);
  expect(withVisibleControls('\0\u0007\u007f\u009b')).toBe('␀␇␡\ufffd');
  expect(withVisibleControls(`${ESC}[2J${ESC}]8;;http://x${ESC}\\`)).toBe('␛[2J␛]8;;http://x␛\\');
});

it('leaves no control character but tab and colour, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = text.replaceAll('\n', '');
      expect(hasControls(withoutColours(withVisibleControls(line)))).toBe(false);
    }),
  );
});

it('finds a colour code that the end cuts in two, and only that', () => {
  expect(openColourAt(`ab${ESC}`)).toBe(2);
  expect(openColourAt(`ab${ESC}[38;5`)).toBe(2);
  expect(openColourAt(`ab${ESC}[31m`)).toBe(7);
  expect(openColourAt('ab')).toBe(2);
  expect(openColourAt(`ab${ESC}[${'1'.repeat(60)}`)).toBe(64);
});
