import { existsSync } from 'node:fs';
import path from 'node:path';
import { routeProblem, wordsOf } from '#core/check-route.ts';
import { directUrl } from '#core/route.ts';
import { migrate, MigrationError, programMigrations } from '#prisma/migrate.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { say } from './say.ts';
import type { Settings } from './settings.ts';
import { StartError } from './start-error.ts';

export type Database = {
  /** As the application's role. */
  url: string;
  /** The same past the pooler, where there is one. */
  directUrl: string;
  /** As the role that owns the tables; the same where one does everything. */
  ownerUrl: string;
  stop(): Promise<void>;
};

/**
 * The database of this start, migrated: the configured one, else the embedded one.
 *
 * @throws StartError when it can't be reached, started or migrated
 */
export async function openDatabase(settings: Settings, folder: string): Promise<Database> {
  const database = await startDatabase(settings, folder);
  try {
    const { applied } = await migrate(database.ownerUrl, { applicationUrl: database.directUrl });
    const isNew = applied.length === (await programMigrations()).length;
    if (isNew) say('Made its tables.');
    else if (applied.length > 0) say(`Migrated the database: ${applied.join(', ')}.`);
    return database;
  } catch (error) {
    await database.stop();
    if (error instanceof MigrationError) throw new StartError(error.message, { cause: error });
    throw new StartError(
      `The database that DATABASE_URL names can't be used: ${(error as Error).message || String(error)}. ` +
        'Check that it runs, that the address is right and that its user may make tables.',
      { cause: error },
    );
  }
}

/**
 * The same, as it is.
 * @throws StartError where something on the way to it isn't right
 */
export async function startDatabase(settings: Settings, folder: string): Promise<Database> {
  if (settings.embedded) return embeddedDatabase(folder);
  const { environment } = settings;
  // One that is away is met by whoever works with it.
  const problem = await routeProblem(environment).catch(() => null);
  if (problem !== null) throw new StartError(wordsOf(problem));
  const direct = directUrl(environment);
  const { DATABASE_URL: url, PUNCTUAL_OWNER_DATABASE_URL: ownerUrl = direct } = environment;
  return { url, directUrl: direct, ownerUrl, stop: async () => {} };
}

async function embeddedDatabase(folder: string): Promise<Database> {
  if (!existsSync(path.join(folder, 'postgres'))) say('Making the database…');
  let server = await startEmbeddedPostgres(folder);
  say(
    server.reused
      ? `Took over the PostgreSQL that an earlier start left running (process ${server.pid}, port ${server.port}).`
      : `PostgreSQL runs on port ${server.port} of this host; its data is in ${path.join(folder, 'postgres')}.`,
  );
  const stopWatching = restartWhenGone(
    () => server,
    async () => {
      server = await startEmbeddedPostgres(folder);
    },
  );
  return {
    url: server.applicationUrl,
    directUrl: server.applicationUrl,
    ownerUrl: server.url,
    stop: async () => {
      await stopWatching();
      await server.stop();
    },
  };
}

const LOOK_EVERY_MS = 1_000;

/** Starts the server again, on its port, when it went away without being told to (out of memory, an operator's kill). */
function restartWhenGone(
  server: () => EmbeddedPostgres,
  restart: () => Promise<void>,
): () => Promise<void> {
  let underWay = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy || server().isAlive()) return;
    busy = true;
    say('PostgreSQL ended by itself; starting it again.');
    underWay = restart()
      .catch((error: Error) => say(`It doesn't start yet: ${error.message}`))
      .finally(() => (busy = false));
  }, LOOK_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
