import { inject } from 'vitest';
import { cloneDatabase, type TestDatabase } from './clone-database.ts';
import './database-setup.ts';

export type { TestDatabase };

/**
 * A migrated database of the caller's own, cloned from the template: for one test file (`beforeAll`, and `drop` in
 * `afterAll`) or one test (`await using db = await createTestDatabase()`).
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return cloneDatabase(inject('postgresUrl'));
}

/** A database without any table, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return cloneDatabase(inject('postgresUrl'), 'empty');
}
