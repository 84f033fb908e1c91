import { hostname, userInfo } from 'node:os';
import { actorByEmail } from '#core/auth/actor-by-email.ts';
import { type Actor, NotAllowed } from '#core/auth/permissions.ts';
import { routeProblem, wordsOf } from '#core/check-route.ts';
import { isDatabaseAway } from '#core/database-away.ts';
import { errorCode } from '#core/error-code.ts';
import { environment, EnvironmentError } from '#core/environment.ts';
import { closeConnections } from '#core/prisma.ts';
import { directUrl } from '#core/route.ts';
import { CommandProblem } from './command-problem.ts';
import { findDatabase } from './find-database.ts';

export { CommandProblem } from './command-problem.ts';

/** How a command ends: it went well, it says no, or it couldn't be asked. docs/command.md explains them. */
export const EXIT = { yes: 0, no: 1, cannot: 2, interrupted: 130 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Who acts, and the address for sessions of the command's own. */
export type Installation = { actor: Actor; directUrl: string };

/**
 * Runs a command's work against the installation: finds its database, says who acts, words what goes wrong, ends the
 * connections. What `work` gives is the exit code.
 *
 * @param as e-mail address of the account to act as; without it the machine's user acts, who may do everything
 * @param mayBeWrong the command itself says what is wrong with the way to the database
 */
export async function inInstallation(
  { as }: { as?: string | undefined },
  work: (installation: Installation) => Promise<Exit>,
  { mayBeWrong = false } = {},
): Promise<void> {
  try {
    // Use-cases connect to what the environment names, which is read at the first use.
    process.env['DATABASE_URL'] = findDatabase();
    if (!mayBeWrong) await refuseWrongRoute();
    process.exitCode = await work({
      actor: await actingPerson(as),
      directUrl: directUrl(environment()),
    });
  } catch (error) {
    // What nobody foresaw comes with its stack; also then it is no answer.
    console.error(problemOf(error) ?? error);
    process.exitCode = EXIT.cannot;
  } finally {
    await closeConnections();
  }
}

async function refuseWrongRoute(): Promise<void> {
  const problem = await routeProblem(environment());
  if (problem !== null) throw new CommandProblem(wordsOf(problem));
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
