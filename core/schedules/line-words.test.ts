import { expect, test } from 'vitest';
import { lineWordsIn } from './line-words.ts';

test.each([
  ['*/7 * * * *', 'every 7 minutes'],
  ['*/15 9-17 * * 1-5', 'every 15 minutes, between 09:00 and 17:59, Monday through Friday'],
  ['0 0 * * 5#L', 'at 00:00, on the last Friday of the month'],
  ['0 0 13 * 5', 'at 00:00, on day 13 of the month, and on Friday'],
  ['0 0 */2 * 1', 'at 00:00, every 2 days in a month, only on Monday'],
  ['no line', 'no line'],
])('%s without a short form', async (line, words) => {
  const english = await lineWordsIn('en');
  expect(english(line)).toBe(words);
});

test('another language has its own words, and one without them English', async () => {
  const [chinese, unknown] = await Promise.all([lineWordsIn('zh-CN'), lineWordsIn('tlh')]);
  expect(chinese('*/7 * * * *')).toBe('每隔 7 分钟');
  expect(unknown('*/7 * * * *')).toBe('every 7 minutes');
});
