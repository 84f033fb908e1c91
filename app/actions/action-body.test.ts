import { expect, test } from 'vitest';
import { isActionBody } from './action-body.ts';

// Next's own copy, which comes without types.
const CLIENT = 'next/dist/compiled/react-server-dom-turbopack/client.browser.js';
const { encodeReply } = (await import(CLIENT)) as {
  encodeReply: (args: unknown[]) => Promise<unknown>;
};

test('what React sends for plain arguments can be decoded', async () => {
  const shared = { team: 'data' };
  const all: unknown[][] = [
    [],
    [undefined],
    [{ jobId: 1, text: '$money', more: [NaN, Infinity, -0, null, true], at: new Date(0) }],
    [{ definition: { labels: shared, again: [shared] }, same: shared }],
  ];
  for (const args of all) {
    const body = await encodeReply(args);
    expect([body, typeof body === 'string' && isActionBody(body)]).toEqual([body, true]);
  }
});

test.each([
  '',
  '{',
  'null',
  '{}',
  '"$0"',
  '["$F1"]',
  '["$1"]',
  '["$K1"]',
  '["$@1"]',
  '["$Q0"]',
  '["$n99"]',
  '["$0"]',
  '["$0:0"]',
  '[{"a":"$0:0"}]',
  '[{"a":"$0:0:b:c"}]',
  '[{"a":"$0:0:__proto__"}]',
  '['.repeat(101) + ']'.repeat(101),
])('%s can’t', (body) => {
  expect(isActionBody(body)).toBe(false);
});

test('more in arrays than React decodes can’t, and as much in objects can', () => {
  const text = 'x'.repeat(600_000);
  expect(isActionBody(JSON.stringify([text, text]))).toBe(false);
  expect(isActionBody(JSON.stringify([[text], [[text]]]))).toBe(false);
  expect(isActionBody(JSON.stringify([Array.from({ length: 1_000_001 }, () => 1)]))).toBe(false);
  expect(isActionBody(JSON.stringify([{ a: [text] }, ['$0:0:a', '$0:0:a']]))).toBe(false);
  expect(isActionBody(JSON.stringify([{ a: [text] }, ['$0:0:a']]))).toBe(true);
  expect(isActionBody(JSON.stringify([{ text, more: text }, { text }]))).toBe(true);
});
