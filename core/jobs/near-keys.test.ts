import { expect, test } from 'vitest';
import { nearKeys } from './near-keys.ts';

const keys = ['nightly-backup', 'weekly-backup', 'sync-orders', 'sync-users', 'report'];

test.each([
  ['nightly-bakcup', ['nightly-backup']],
  ['nightly', ['nightly-backup']],
  ['sync-order', ['sync-orders']],
  ['backup', ['weekly-backup', 'nightly-backup']],
  ['reprot', ['report']],
  ['something-else', []],
  ['', []],
])('%s: %j may be meant', (written, near) => {
  expect(nearKeys(written, keys)).toEqual(near);
});
