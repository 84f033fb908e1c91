import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { refusalOf } from './refusal-of.ts';

afterEach(() => vi.restoreAllMocks());

function logged(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return lines;
}

test('what one may not do is said, and logged with who asked for it', () => {
  const lines = logged();
  const actor = { kind: 'system', name: 'Somebody' } as const;
  expect(refusalOf(new NotAllowed('job:write', actor))).toMatchObject({
    refusal: { code: 'not_allowed', message: expect.stringContaining('role') },
  });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'warn', msg: 'not allowed', actor: 'Somebody', permission: 'job:write' },
  ]);
});

test('a database that is away is said to be away, however its error is wrapped', async () => {
  const lines = logged();
  // Port 1 of this host: nothing listens there.
  const client = new pg.Client({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  const refused: unknown = await client.connect().catch((error: unknown) => error);
  const wrapped = [
    refused,
    new Error('reading runs', { cause: refused }),
    { code: 'P1001', message: 'Can’t reach database server' },
    { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '57P01' } } } },
    { code: 'P2010', meta: { driverAdapterError: { cause: { kind: 'DatabaseNotReachable' } } } },
    new Error('Connection terminated unexpectedly'),
  ];
  for (const error of wrapped) expect(refusalOf(error).refusal.code).toBe('unavailable');
  expect(lines).toEqual([]);
});

test('a database that refuses says why, and that nothing was done', () => {
  for (const [code, words] of [
    ['25006', /takes no changes.*Nothing was done/],
    ['53100', /disk of the database is full.*Nothing was done/],
    ['53300', /no connection left.*Nothing was done/],
  ] as const) {
    const wrapped = {
      code: 'P2010',
      meta: { driverAdapterError: { cause: { originalCode: code } } },
    };
    for (const error of [{ code }, wrapped]) {
      expect(refusalOf(error).refusal).toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(words),
      });
    }
  }
});

test('what nobody expected is logged whole, and only its id is shown', () => {
  const lines = logged();
  const secret = new Error('password of db.internal is hunter2');
  const { refusal } = refusalOf(new TypeError('x is not a function', { cause: secret }));
  expect(refusal.code).toBe('unexpected');
  expect(refusal.message).not.toMatch(/hunter2|function|internal/);
  const line = JSON.parse(lines[0]!) as { errorId: string; error: string };
  expect(refusal.message).toContain(line.errorId);
  expect(line.error).toMatch(/x is not a function[^]*hunter2/);
});

test('a duplicate key or a syntax error isn’t taken for a database that is away', () => {
  logged();
  for (const code of ['23505', '42601', 'P2002', 'ENOENT']) {
    expect(refusalOf({ code, message: 'no' }).refusal.code).toBe('unexpected');
  }
});
