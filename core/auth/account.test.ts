import { expect, test } from 'vitest';
import { easyToGuess, NewAccount } from './account.ts';

const email = 'operator@example.org';

test.each([
  'aaaaaaaaaaaa',
  'password1234',
  'Punctual-2026!',
  'operator1234',
  '123451234512345',
  'Admin-Password-1',
  'SonyEricsson',
  '1q2w3e4r5t6y',
])('%s is easy to guess', async (password) => {
  expect(await easyToGuess(password, email)).toMatch(/guess|tried first/);
});

test.each([
  'correct horse battery staple',
  'h7$kQ2!mWz0p',
  '密码是一句很长的话没人猜得到',
  'tr0ub4dor and three',
])('%s is fine', async (password) => {
  expect(await easyToGuess(password, email)).toBeNull();
});

test('every field complains for itself, in a sentence', async () => {
  const parsed = await NewAccount.safeParseAsync({ name: ' ', email: 'nobody', password: 'short' });
  expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual(['name', 'email', 'password']);
});

test('an address is kept in lower case', async () => {
  const account = { name: 'Op', email: ' Op@Example.ORG ', password: 'correct horse battery' };
  expect((await NewAccount.parseAsync(account)).email).toBe('op@example.org');
});
