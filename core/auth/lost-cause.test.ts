import { APIError } from 'better-auth/api';
import { expect, test } from 'vitest';
import { isDatabaseAway } from '../database-away.ts';
import { causeOf, isApiError } from './lost-cause.ts';

const lost = new APIError('INTERNAL_SERVER_ERROR', { message: 'Failed to get session' });
const refused = () => Promise.reject(new Error('connect ECONNREFUSED'));
const never = () => new Promise(() => {});

test('a session that couldn’t be read because the database is away says so', async () => {
  expect(isDatabaseAway(lost)).toBe(false);
  expect(isDatabaseAway(await causeOf(lost, refused))).toBe(true);
  expect(isDatabaseAway(await causeOf(lost, never))).toBe(true);
});

test('what failed while the database answers stays what it is', async () => {
  expect(await causeOf(lost, () => Promise.resolve([]))).toBe(lost);
  const wrong = new APIError('UNAUTHORIZED', { message: 'no' });
  expect(await causeOf(wrong, refused)).toBe(wrong);
});

test('an error of the library is known by its name, also when another bundle made it', () => {
  class OfAnotherBundle extends Error {
    override name = 'APIError';
    statusCode = 500;
  }
  expect(isApiError(lost)).toBe(true);
  expect(isApiError(new OfAnotherBundle())).toBe(true);
  expect(isApiError(new Error('boom'))).toBe(false);
});
