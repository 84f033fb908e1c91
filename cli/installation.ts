import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { actorByEmail } from '#core/auth/actor-by-email.ts';
import { type Actor, NotAllowed } from '#core/auth/permissions.ts';
import { isDatabaseAway } from '#core/database-away.ts';
import { errorCode } from '#core/db.ts';
import { EnvironmentError } from '#core/environment.ts';
import { closeConnections } from '#core/prisma.ts';
import { addressOf, isAlive, readLock } from './start/postgres-probe.ts';
import { placeIn } from './start/postgres-folder.ts';
import { readSettings } from './start/settings.ts';

/** How a command ends: it went well, it says no, or it couldn't be asked. docs/command.md explains them. */
export const EXIT = { yes: 0, no: 1, cannot: 2, interrupted: 130 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** What a person can mend; the message says what and how, is shown without a stack, and the command ends with 2. */
export class CommandProblem extends Error {
  override name = 'CommandProblem';
}

/** Who acts, and the database that the installation works on. */
export type Installation = { actor: Actor; databaseUrl: string };

/**
 * Runs a command's work against the installation: finds its database, says who acts, words what goes wrong, ends the
 * connections. What `work` gives is the exit code.
 *
 * @param as e-mail address of the account to act as; without it the machine's user acts, who may do everything
 */
export async function inInstallation(
  { as }: { as?: string | undefined },
  work: (installation: Installation) => Promise<Exit>,
): Promise<void> {
  try {
    const databaseUrl = findDatabase();
    // Use-cases connect to what the environment names, which is read at the first use.
    process.env['DATABASE_URL'] = databaseUrl;
    process.exitCode = await work({ actor: await actingPerson(as), databaseUrl });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    console.error(problem);
    process.exitCode = EXIT.cannot;
  } finally {
    await closeConnections();
  }
}

/**
 * The address of the database: DATABASE_URL's, else that of the PostgreSQL that `npm start` runs in the data folder.
 *
 * @throws CommandProblem when there is none or it doesn't run; EnvironmentError
 */
export function findDatabase(): string {
  const { environment, embedded } = readSettings(process.env);
  if (!embedded) return environment.DATABASE_URL;
  const folder = path.resolve(environment.PUNCTUAL_DATA_DIR);
  const url = addressOfEmbedded(folder);
  if (url !== null) return url;
  throw new CommandProblem(
    `Punctual isn’t running on ${folder}, and DATABASE_URL is not set. ` +
      'Start it with `npm start`, or set DATABASE_URL (or PUNCTUAL_DATA_DIR) to the one that you mean.',
  );
}

/** The machine's user in a terminal, as the audit trail names them: `deploy@web-1`. */
export function machineUser(): string {
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    // An id without a name, as containers have.
    user = `user ${process.getuid?.() ?? ''}`.trim();
  }
  return `${user}@${hostname()}`;
}

async function actingPerson(email: string | undefined): Promise<Actor> {
  if (email === undefined) return { kind: 'system', name: machineUser() };
  const found = await actorByEmail(email, `terminal of ${machineUser()}`);
  if (!found.ok) throw new CommandProblem(found.refusal.message);
  return found.value;
}

function addressOfEmbedded(folder: string): string | null {
  try {
    const place = placeIn(folder);
    const lock = readLock(place.data);
    if (!lock || !isAlive(lock.pid)) return null;
    return addressOf(place, lock.port);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return null;
    if (code !== 'EACCES') throw error;
    throw new CommandProblem(
      `The data folder ${folder} can’t be read by this user. Run the command as the user who runs Punctual.`,
      { cause: error },
    );
  }
}

function problemOf(error: unknown): string | null {
  if (
    error instanceof CommandProblem ||
    error instanceof EnvironmentError ||
    error instanceof NotAllowed
  ) {
    return error.message;
  }
  if (isDatabaseAway(error)) {
    return 'The database doesn’t answer. Check that it runs and that DATABASE_URL is right, then try again.';
  }
  if (isNotMigrated(error)) {
    return 'The database has no tables of this version of Punctual. Run `npm run db:migrate`, or `npm start`.';
  }
  return null;
}

/** An undefined table or column, also where Prisma says it. */
function isNotMigrated(error: unknown): boolean {
  return ['42P01', '42703', 'P2021', 'P2022'].includes(errorCode(error) ?? '');
}
