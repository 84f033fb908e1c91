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
])('%s is easy to guess', (password) => {
  expect(easyToGuess(password, email)).toMatch(/guess|tried first/);
});

test.each([
  'correct horse battery staple',
  'h7$kQ2!mWz0p',
  '密码是一句很长的话没人猜得到',
  'tr0ub4dor and three',
])('%s is fine', (password) => {
  expect(easyToGuess(password, email)).toBeNull();
});

test('every field complains for itself, in a sentence', () => {
  const parsed = NewAccount.safeParse({ name: ' ', email: 'nobody', password: 'short' });
  expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual(['name', 'email', 'password']);
});

test('an address is kept in lower case', () => {
  const account = { name: 'Op', email: ' Op@Example.ORG ', password: 'correct horse battery' };
  expect(NewAccount.parse(account).email).toBe('op@example.org');
});
