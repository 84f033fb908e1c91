import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { createClient, createPool, KEPT } from './db.ts';
import { errorCode } from './error-code.ts';
import { EnvironmentError } from './environment.ts';
import { type Addresses, directUrl, routeOf } from './route.ts';

const RETRY_MS = 1_000;
const HEARD_WITHIN_MS = 5_000;

/** Something between here and PostgreSQL that Punctual can't work with. */
export type RouteProblem = {
  /** What is wrong, in a sentence. */
  says: string;
  /** What to do. */
  fix: string;
};

export const wordsOf = ({ says, fix }: RouteProblem) =>
  `${says} ${fix} See docs/operations.md, “Behind PgBouncer”.`;

/**
 * What is wrong with the way to the database, and what to do about it: something between here and PostgreSQL drops what
 * sessions ask for, mixes up their statements, or leads elsewhere. Null where all is well.
 * @throws what connecting throws while the database is away
 */
export async function routeProblem(addresses: Addresses): Promise<RouteProblem | null> {
  const { isPooled } = routeOf(addresses);
  const name = isPooled ? 'PUNCTUAL_DIRECT_DATABASE_URL' : 'DATABASE_URL';
  const session = createClient(directUrl(addresses), 'punctual-check');
  try {
    await session.connect();
    return (
      (await sessionProblem(session, name)) ??
      (isPooled ? await poolerProblem(addresses, session) : null)
    );
  } catch (error) {
    const problem = refusalProblem(error, name);
    if (problem === null) throw error;
    return problem;
  } finally {
    // A line that swallows bytes would never answer.
    void session.end().catch(() => {});
  }
}

/**
 * Waits until the database has answered, and is content where the way to it is right.
 * @param onAway for each try that got no answer
 * @throws EnvironmentError with what is wrong and what to do
 */
export async function untilRouteIsRight(
  addresses: Addresses,
  onAway: (error: unknown) => void = () => {},
): Promise<void> {
  for (;;) {
    try {
      const problem = await routeProblem(addresses);
      if (problem !== null) throw new EnvironmentError(wordsOf(problem));
      return;
    } catch (error) {
      if (error instanceof EnvironmentError) throw error;
      onAway(error);
    }
    await pause(RETRY_MS);
  }
}

/**
 * Whether a session keeps what it asked for when it began: one that it doesn't keep isn't its own.
 * @param name of the variable that its address stands in
 */
export async function sessionProblem(
  client: pg.ClientBase,
  name: string,
): Promise<RouteProblem | null> {
  const { rows } = await client.query<{ kept: string | null; zone: string }>(
    `SELECT current_setting('${KEPT}', true) AS kept, current_setting('TimeZone') AS zone`,
  );
  const { kept, zone } = rows[0]!;
  if (kept === 'yes' && zone === 'UTC') return null;
  return notDirect(name, 'drops what sessions ask for');
}

/** The same, where the session was refused as it began; null for any other error. */
export function refusalProblem(error: unknown, name: string): RouteProblem | null {
  const refusal = refusalOfPooler(error);
  return refusal === null ? null : notDirect(name, `refuses what sessions ask for (“${refusal}”)`);
}

/** The words with which a pooler refuses a session for what it asks; null for any other error, which may pass. */
function refusalOfPooler(error: unknown): string | null {
  if (errorCode(error) !== '08P01') return null;
  const { message } = error as Error;
  return message.startsWith('unsupported startup') ? message : null;
}

const notDirect = (name: string, does: string): RouteProblem => ({
  says:
    `Something between here and the PostgreSQL of ${name} ${does}, as PgBouncer does, or “options” in the address: ` +
    'times would be stored wrongly, and what is announced not heard.',
  fix:
    name === 'DATABASE_URL'
      ? 'Set PUNCTUAL_DIRECT_DATABASE_URL to an address that leads to PostgreSQL itself, and take “options” out of both.'
      : 'Set it to an address that leads to PostgreSQL itself, without “options”.',
});

async function poolerProblem(
  addresses: Addresses,
  session: pg.Client,
): Promise<RouteProblem | null> {
  const pool = createPool({ ...routeOf(addresses), max: 1, applicationName: 'punctual-check' });
  try {
    if (!(await isHeard(pool, session))) return ELSEWHERE;
    return (await mixesNames(pool)) ? NAMES : null;
  } catch (error) {
    const refusal = refusalOfPooler(error);
    if (refusal === null) throw error;
    return {
      says: `The pooler of DATABASE_URL refuses what the address asks for (“${refusal}”).`,
      fix: 'Take that out of the address.',
    };
  } finally {
    await pool.end();
  }
}

const ELSEWHERE: RouteProblem = {
  says: 'What is announced through DATABASE_URL isn’t heard on PUNCTUAL_DIRECT_DATABASE_URL: they lead to two databases.',
  fix: 'Let both lead to the same one.',
};

const NAMES: RouteProblem = {
  says:
    'The pooler of DATABASE_URL hands names of statements on as they are, so that a session gets the statements of ' +
    'another: PgBouncer before 1.21, or with max_prepared_statements = 0.',
  fix: 'Set PUNCTUAL_NAMED_STATEMENTS=off, or from PgBouncer 1.21 on max_prepared_statements = 500 in pgbouncer.ini.',
};

/** Whether the session hears what is announced through the pool. */
async function isHeard(pool: pg.Pool, session: pg.Client): Promise<boolean> {
  const channel = `punctual_check_${randomBytes(8).toString('hex')}`;
  const heard = new Promise<true>((resolve) => {
    session.on('notification', () => resolve(true));
  });
  await session.query(`LISTEN ${channel}`);
  await pool.query("SELECT pg_notify($1, '')", [channel]);
  const late = new AbortController();
  const isHeard = await Promise.race([
    heard,
    pause(HEARD_WITHIN_MS, false, { signal: late.signal }),
  ]);
  late.abort();
  return isHeard;
}

/** Whether PostgreSQL gets the names of statements as we give them, on a session that isn't ours alone. */
async function mixesNames(pool: pg.Pool): Promise<boolean> {
  const name = `punctual_check_${randomBytes(8).toString('hex')}`;
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query({ name, text: 'SELECT 1', values: [] });
    const { rows } = await client.query<{ pid: number; isKnown: boolean }>(
      `SELECT pg_backend_pid() AS pid, EXISTS (SELECT FROM pg_prepared_statements WHERE name = $1) AS "isKnown"`,
      [name],
    );
    const { pid, isKnown } = rows[0]!;
    if (isKnown) await client.query(`DEALLOCATE ${name}`);
    await client.query('COMMIT');
    // PostgreSQL tells each session its process; a pooler makes the number up.
    const { processID } = client as unknown as { processID: number };
    return isKnown && processID !== pid;
  } finally {
    client.release(true);
  }
}
