import { readdir } from 'node:fs/promises';
import { type Sql } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';

/**
 * How a database stands to the program's migrations. `behind` names the migrations that it lacks, `newer` those that
 * it has and the program doesn't know.
 */
export type MigrationState =
  | { state: 'current' }
  | { state: 'behind'; missing: string[] }
  | { state: 'newer'; unknown: string[] };

/** Names of the migrations that this program carries, oldest first. */
export async function shippedMigrations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** Compares the database's `_prisma_migrations` with what `shippedMigrations` says; one statement, no engine. */
export async function readMigrationState(
  sql: Sql,
  shipped: readonly string[],
): Promise<MigrationState> {
  const applied = await appliedMigrations(sql);
  const unknown = applied.filter((name) => !shipped.includes(name));
  if (unknown.length > 0) return { state: 'newer', unknown };
  const missing = shipped.filter((name) => !applied.includes(name));
  return missing.length > 0 ? { state: 'behind', missing } : { state: 'current' };
}

async function appliedMigrations(sql: Sql): Promise<string[]> {
  try {
    const rows = await sql<{ migration_name: string }>(APPLIED);
    return rows.map((row) => row.migration_name);
  } catch (error) {
    if (errorCode(error) === NO_SUCH_TABLE) return [];
    throw error;
  }
}

const NO_SUCH_TABLE = '42P01';

const APPLIED = `
  SELECT migration_name FROM _prisma_migrations
   WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
   ORDER BY migration_name`;
