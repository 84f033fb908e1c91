import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { refusalProblem, routeProblem, sessionProblem, wordsOf } from '#core/check-route.ts';
import { createClient, createPatientClient, sqlOf } from '#core/db.ts';
import { directUrl } from '#core/route.ts';
import { handOver, placeOf, refuseForeignCode, RoleProblem } from './application-role.ts';
import { type MigrationState, readMigrationState, shippedMigrations } from './migration-state.ts';
import { createSchemaEngine, migrationAdapter } from './schema-engine.ts';

const MIGRATIONS = path.join(import.meta.dirname, 'migrations');
const OLDEST_POSTGRES = 15;

/** The database can't be brought to this program's state; the message says why and what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/**
 * Brings the database to the newest migration, or an empty one to an older state (`through`). Any number of hosts may call
 * it at once: one migrates, the others wait and find nothing left to do.
 *
 * @param url of the role that owns the tables
 * @param applicationUrl of the role that works with them, where that is another: the tables are handed over to it, but
 *   for the audit trail
 * @returns the names of the migrations that this call applied
 * @throws MigrationError when the database is newer than the program, its PostgreSQL too old, or a migration failed
 */
export async function migrate(
  url: string,
  { through, applicationUrl = url }: { through?: string; applicationUrl?: string } = {},
): Promise<{ applied: string[] }> {
  const application = await otherRole(url, applicationUrl);
  return alone(url, async (client) => {
    await checkPostgresVersion(client);
    const state = await readMigrationState(sqlOf(client), await programMigrations());
    if (state.state === 'newer') throw new MigrationError(newerThanProgram(state.unknown));
    if (application !== null) await asRoles(() => refuseForeignCode(client, application));
    const applied = state.state === 'current' ? [] : await applyMissing(url, through);
    if (application !== null) await asRoles(() => handOver(client, application));
    return { applied };
  });
}

/**
 * For whatever else works as the owner on tables that the application's role has.
 * @throws MigrationError where that role has left code in the database which would run along
 */
export async function checkForeignCode(url: string, applicationUrl: string): Promise<void> {
  const application = await otherRole(url, applicationUrl);
  if (application === null) return;
  await alone(url, (client) => asRoles(() => refuseForeignCode(client, application)));
}

/** Names of the migrations that this program carries, oldest first. */
export const programMigrations = () => shippedMigrations(MIGRATIONS);

/** How the database stands to the migrations of this program. */
export async function migrationState(url: string): Promise<MigrationState> {
  const client = createClient(url, 'punctual-migrate');
  await client.connect();
  try {
    return await readMigrationState(sqlOf(client), await programMigrations());
  } finally {
    await client.end();
  }
}

/** Null where one role does everything. */
async function otherRole(url: string, applicationUrl: string): Promise<string | null> {
  if (applicationUrl === url) return null;
  const [owner, application] = await Promise.all([placeOf(url), placeOf(applicationUrl)]);
  if (owner.database !== application.database) {
    throw new MigrationError(
      'PUNCTUAL_OWNER_DATABASE_URL and DATABASE_URL name two databases. They have to be the same one, as two roles.',
    );
  }
  return owner.role === application.role ? null : application.role;
}

async function asRoles(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RoleProblem)) throw error;
    throw new MigrationError(error.message, { cause: error });
  }
}

async function applyMissing(url: string, through: string | undefined): Promise<string[]> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'punctual-migrate',
    max: 2,
    connectionTimeoutMillis: 5_000,
    // A table waited for by a migration is one that nobody else gets: whoever holds it for long is waited for in turns.
    lock_timeout: 2_000,
  });
  pool.on('error', () => {});
  const engine = await createSchemaEngine(migrationAdapter(pool));
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await migrationsList(through),
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  } catch (error) {
    throw await migrationFailed(pool, error);
  } finally {
    engine.free();
    await pool.end();
  }
}

async function migrationsList(through: string | undefined): Promise<MigrationList> {
  const shipped = await shippedMigrations(MIGRATIONS);
  const names = shipped.filter((name) => through === undefined || name <= through);
  return {
    baseDir: MIGRATIONS,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(path.join(MIGRATIONS, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(path.join(MIGRATIONS, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

const NOT_EMPTY = 'P3005';

// A migration is one transaction, so a failed one left nothing behind: it is noted as rolled back, and the next start
// tries again instead of asking for hands.
async function migrationFailed(pool: pg.Pool, error: unknown): Promise<MigrationError> {
  if ((error as { code?: unknown }).code === NOT_EMPTY) {
    return new MigrationError(
      "The database isn't empty, and what is in it isn't Punctual's. Nothing was changed. " +
        'Point DATABASE_URL at a database of its own.',
      { cause: error },
    );
  }
  await pool.query(
    'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  );
  const reason = error instanceof Error ? error.message : JSON.stringify(error);
  return new MigrationError(
    `A migration of the database failed and was rolled back; the database is as it was.\n${reason}`,
    { cause: error },
  );
}

const NAMES_OF_URL = 'PUNCTUAL_OWNER_DATABASE_URL (or PUNCTUAL_DIRECT_DATABASE_URL)';

// One number for every version of the program; the digits spell nothing and mean nothing.
const LOCK = 7_310_420_215;

async function alone<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = createPatientClient(url, 'punctual-migrate');
  await connectItself(client);
  try {
    // A pooler would give the lock to another session.
    const problem = await sessionProblem(client, NAMES_OF_URL);
    if (problem !== null) throw new MigrationError(wordsOf(problem));
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await work(client);
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
}

async function connectItself(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const problem = refusalProblem(error, NAMES_OF_URL);
    throw problem === null ? error : new MigrationError(wordsOf(problem), { cause: error });
  }
}

async function checkPostgresVersion(client: pg.Client): Promise<void> {
  const answer = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  const version = Math.floor(Number(answer.rows[0]?.server_version_num) / 10_000);
  if (version < OLDEST_POSTGRES) {
    throw new MigrationError(
      `The database is PostgreSQL ${version}; Punctual needs ${OLDEST_POSTGRES} or later. ` +
        'Update the server, or leave DATABASE_URL unset to use the embedded PostgreSQL.',
    );
  }
}

function newerThanProgram(unknown: readonly string[]): string {
  return (
    `The database is newer than this program: it has ${unknown.join(', ')}, which this version doesn't know. ` +
    'Nothing was changed. Start the newer version, or point DATABASE_URL at another database.'
  );
}

if (import.meta.main) {
  const { environment } = await import('#core/environment.ts');
  try {
    const problem = await routeProblem(environment()).catch(() => null);
    if (problem !== null) throw new MigrationError(wordsOf(problem));
    const applicationUrl = directUrl(environment());
    const { PUNCTUAL_OWNER_DATABASE_URL: url = applicationUrl } = environment();
    const { applied } = await migrate(url, { applicationUrl });
    console.log(
      applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.',
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
