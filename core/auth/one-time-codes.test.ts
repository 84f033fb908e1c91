import { createOTP } from '@better-auth/utils/otp';
import { expect, test } from 'vitest';
import {
  addressOf,
  isCodeOf,
  keyOf,
  newRecoveryCodes,
  newSecret,
  typedCode,
} from './one-time-codes.ts';

test('a secret is 150 random bits, and typed in groups of four', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^[\w-]{25}$/);
  expect(keyOf(secret)).toMatch(/^([A-Z2-7]{4} ){9}[A-Z2-7]{4}$/);
  expect(newSecret()).not.toBe(secret);
});

test('the picture names the installation and the account, whatever letters they have', () => {
  const address = new URL(
    addressOf('s'.repeat(25), 'ops+night@example.org', 'jobs.example.org:3000'),
  );
  expect(address.protocol).toBe('otpauth:');
  expect(decodeURIComponent(address.pathname)).toContain(
    'Punctual jobs.example.org:3000:ops+night@example.org',
  );
  expect(address.searchParams.get('issuer')).toBe('Punctual jobs.example.org:3000');
  expect(address.search).not.toContain('+');
  expect(address.searchParams.get('secret')).toBe(keyOf('s'.repeat(25)).replaceAll(' ', ''));
});

test('the code of now is one, and that of an hour ago isn’t', async () => {
  const secret = newSecret();
  const codes = createOTP(secret);
  const step = Math.floor(Date.now() / 30_000);
  expect(await isCodeOf(secret, await codes.totp())).toBe(true);
  expect(await isCodeOf(secret, await codes.hotp(step - 120))).toBe(false);
  expect(await isCodeOf(secret, '')).toBe(false);
});

test('recovery codes are ten, all different, and have no letters that look alike', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[a-hjkmnp-z2-9]{5}-[a-hjkmnp-z2-9]{5}$/);
});

test.each([
  ['123456', { kind: 'code', code: '123456' }],
  [' 123 456 ', { kind: 'code', code: '123456' }],
  ['K7RBM9XQ2W', { kind: 'recovery', code: 'k7rbm-9xq2w' }],
  ['k7rbm-9xq2w', { kind: 'recovery', code: 'k7rbm-9xq2w' }],
  ['12345', null],
  ['1234567', null],
  ['１２３４５６', null],
  ['', null],
  ["'; drop", null],
])('typed %j is read as it was meant', (typed, meant) => {
  expect(typedCode(typed)).toEqual(meant);
});
