import { expect, test } from 'vitest';
import { CHORD_MS, createKeyReader } from './key-presses.ts';

function readerOf(keys: string[]) {
  const ran: string[] = [];
  const bindings = keys.map((key) => ({ keys: key, run: () => ran.push(key) }));
  const reader = createKeyReader(() => bindings);
  const press = (key: string, atMs = 0) => reader.read({ key, atMs })?.keys ?? null;
  return { reader, press };
}

test('a chord goes where it leads, and its second key alone does what it does alone', () => {
  const { press } = readerOf(['g j', 'g r', 'j', 'r']);
  expect(press('g', 0)).toBeNull();
  expect(press('j', 100)).toBe('g j');
  expect(press('j', 200)).toBe('j');
});

test('a chord that took too long is two presses', () => {
  const { press } = readerOf(['g j', 'j']);
  press('g', 0);
  expect(press('j', CHORD_MS + 1)).toBe('j');
});

test('a wrong second key does nothing, and may begin a chord itself', () => {
  const { press } = readerOf(['g j', 'e']);
  press('g', 0);
  expect(press('e', 10)).toBeNull();
  press('g', 20);
  expect(press('g', 30)).toBeNull();
  expect(press('j', 40)).toBe('g j');
});

test('typing in between ends a chord', () => {
  const { reader, press } = readerOf(['g j', 'j']);
  press('g', 0);
  reader.forget();
  expect(press('j', 10)).toBe('j');
});

test('what is nearer to the reader wins over the shell', () => {
  const bindings = [
    { keys: 'r', run: () => {} },
    { keys: 'r', run: () => {} },
  ];
  const reader = createKeyReader(() => bindings);
  expect(reader.read({ key: 'r', atMs: 0 })).toBe(bindings[1]);
});
