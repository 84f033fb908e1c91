import { expect, test } from 'vitest';
import type { ServerFacts } from './server.sql.ts';
import { serverFindings } from './server-rules.ts';

const GB = 1_073_741_824;
const facts = (
  given: Partial<ServerFacts> = {},
  settings: Record<string, string> = {},
): ServerFacts => ({
  versionNumber: 180_004,
  isInRecovery: false,
  settings: {
    autovacuum: 'on',
    track_counts: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    default_transaction_read_only: 'off',
    shared_buffers: '16384',
    max_wal_size: '1024',
    max_connections: '100',
    superuser_reserved_connections: '3',
    lock_timeout: '0',
    idle_session_timeout: '0',
    server_encoding: 'UTF8',
    ...settings,
  },
  databaseBytes: 50_000_000,
  hasGist: true,
  mayCreate: true,
  closedTables: [],
  couldChangeTrail: false,
  slots: [],
  preparedTransactions: [],
  invalidIndexes: [],
  failedMigrations: [],
  unsealedEntries: 0,
  ...given,
});
const found = (given: ServerFacts, workers = 1, isPooled = false) =>
  serverFindings(given, { workers, isPooled }).map(({ check, level }) => `${level} ${check}`);

test('of a server that is as it should be nothing is said', () => {
  expect(found(facts())).toEqual([]);
});

test.each<[string, ServerFacts, number?]>([
  ['error version', facts({ versionNumber: 140_010 })],
  ['error read_only', facts({ isInRecovery: true })],
  ['error read_only', facts({}, { default_transaction_read_only: 'on' })],
  ['error encoding', facts({}, { server_encoding: 'SQL_ASCII' })],
  ['error setting.fsync', facts({}, { fsync: 'off' })],
  ['error setting.full_page_writes', facts({}, { full_page_writes: 'off' })],
  ['error setting.synchronous_commit', facts({}, { synchronous_commit: 'off' })],
  ['error setting.autovacuum', facts({}, { autovacuum: 'off' })],
  ['error setting.idle_session_timeout', facts({}, { idle_session_timeout: '60000' })],
  ['advice setting.lock_timeout', facts({}, { lock_timeout: '100' })],
  ['advice setting.shared_buffers', facts({ databaseBytes: 9 * GB })],
  ['advice setting.max_wal_size', facts({}, { max_wal_size: '80' })],
  ['error setting.max_connections', facts(), 22],
  ['error rights.tables', facts({ closedTables: ['job'] })],
  ['error rights.schema', facts({ mayCreate: false })],
  ['error extension', facts({ hasGist: false })],
  ['advice rights.trail', facts({ couldChangeTrail: true })],
  ['error slots', facts({ slots: [{ name: 's', isActive: false, keptBytes: 2 * GB }] })],
  ['advice slots', facts({ slots: [{ name: 's', isActive: true, keptBytes: 2 * GB }] })],
  ['error prepared_transactions', facts({ preparedTransactions: ['t'] })],
  ['error indexes', facts({ invalidIndexes: ['run_of_job'] })],
  ['error migrations.failed', facts({ failedMigrations: ['m'] })],
  ['error trail', facts({ unsealedEntries: 1 })],
])('%s', (finding, given, workers) => {
  expect(found(given, workers)).toEqual([finding]);
});

test('behind a pooler workers take fewer connections', () => {
  expect(found(facts(), 38, true)).toEqual([]);
  expect(found(facts(), 39, true)).toEqual(['error setting.max_connections']);
});

test('every finding says what to do', () => {
  const all = serverFindings(
    facts({ closedTables: ['job'], hasGist: false, unsealedEntries: 2 }, { fsync: 'off' }),
    { workers: 90, isPooled: false },
  );
  for (const { says, fix } of all) {
    expect(says).toMatch(/\.$/);
    expect(fix.length).toBeGreaterThan(10);
  }
});
