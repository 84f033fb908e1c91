import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { errorCode } from './error-code.ts';
import { forgetNames, sayInEachTransaction } from './lent-sessions.ts';
import type { Route } from './route.ts';
import './type-parsers.ts';

/** One statement. Statements are constants, so each is prepared once a connection, under a name made from its text. */
export type Sql = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Name of the channel on which web processes hear what changed; the payload is a `Change` as JSON. */
export const CONSOLE_CHANNEL = 'punctual_console';
/** Name of the channel that wakes workers; the payload is a `WorkSignal` as JSON. */
export const WORK_CHANNEL = 'punctual_work';

export type PoolOptions = Route & {
  max: number;
  applicationName: string;
  /** Settings of each session besides, by name. */
  settings?: Readonly<Record<string, string>>;
  /** After so long an unused connection is closed, ms; 0: never. Without it: 10 s. */
  idleTimeoutMs?: number;
  /** How long one waits for a connection, ms: a new one, or one that others use. Without it: 5 s. */
  connectTimeoutMs?: number;
  /** Statements may take hours: for what looks after history. */
  isPatient?: boolean;
  /** Statements go out without waiting for the answers to those before (see `TransactionOptions.isOneFlight`). */
  isPipelined?: boolean;
};

/** A pool with the timeouts that keep a silent database from hanging a process: connect 5 s, query 15 s, statement 10 s. */
export function createPool(options: PoolOptions): pg.Pool {
  const { url, max, applicationName, settings, idleTimeoutMs, connectTimeoutMs } = options;
  const { isPatient, isPooled = false, isNamed = true, isPipelined = isPooled } = options;
  const pool = new pg.Pool({
    ...(isPooled
      ? lentConnectionOptions(url, applicationName)
      : connectionOptions(url, applicationName, settings)),
    ...(isPatient ? PATIENT : {}),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMillis: idleTimeoutMs }),
    ...(connectTimeoutMs === undefined ? {} : { connectionTimeoutMillis: connectTimeoutMs }),
    max,
    pipeline: isPipelined,
  });
  // A connection that breaks is replaced at its next use, and whoever uses it meanwhile gets the error from their
  // statement; without listeners on the pool (idle) and on the client (in use) it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    leaveReadOnly(client.on('error', () => {}));
    if (isPooled) sayInEachTransaction(client, settingsOfTransactions(settings));
    if (!isNamed) forgetNames(client);
  });
  return pool;
}

/** A connection of its own, outside any pool: for LISTEN and for heartbeats. The caller connects and ends it. */
export function createClient(url: string, applicationName: string): pg.Client {
  return quiet(new pg.Client(connectionOptions(url, applicationName)));
}

/** A connection whose statements may take hours: for backups. The caller connects and ends it. */
export function createPatientClient(url: string, applicationName: string): pg.Client {
  return quiet(
    new pg.Client({
      ...connectionOptions(url, applicationName),
      ...PATIENT,
    }),
  );
}

const PATIENT = {
  query_timeout: 0,
  statement_timeout: 0,
  idle_in_transaction_session_timeout: 0,
};

// What breaks a connection reaches whoever waits for its statement; without a listener it would end the process.
function quiet(client: pg.Client): pg.Client {
  return client.on('error', () => {});
}

/**
 * Ends a session that takes no writes: after a failover the address may lead to another server, which takes them, and a
 * session that goes on with the old one, or began before it was promoted, would never get there.
 */
function leaveReadOnly(client: pg.PoolClient): void {
  // What the server says reaches nobody else than whoever waits for the statement.
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on('errorMessage', ({ code }: { code?: string }) => {
    if (code === READ_ONLY) void (client as unknown as pg.Client).end().catch(() => {});
  });
}

const READ_ONLY = '25006';

const TIMEOUTS = {
  statement_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
};

// Prisma's adapter writes instants without a zone, so the session's zone must be the one that they are in.
// Statements that look at every job are dear by estimate and short in fact: compiling them first takes longer.
const SESSION = { TimeZone: 'UTC', DateStyle: 'ISO', jit: 'off' };

/** By this a session is known that has kept what it was asked for (core/check-route.ts). */
export const KEPT = 'punctual.kept';

function connectionOptions(
  url: string,
  applicationName: string,
  settings: PoolOptions['settings'] = {},
) {
  const session = { ...SESSION, [KEPT]: 'yes', ...settings };
  return {
    ...lentConnectionOptions(url, applicationName),
    ...TIMEOUTS,
    options: Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

/** With nothing that a pooler refuses: it keeps no settings for us. */
const lentConnectionOptions = (url: string, applicationName: string) => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: 5_000,
  query_timeout: 15_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});

function settingsOfTransactions(settings: PoolOptions['settings'] = {}): Record<string, string> {
  const { statement_timeout, idle_in_transaction_session_timeout } = TIMEOUTS;
  return {
    ...SESSION,
    statement_timeout: String(statement_timeout),
    idle_in_transaction_session_timeout: String(idle_in_transaction_session_timeout),
    ...settings,
  };
}

export function sqlOf(client: pg.Pool | pg.ClientBase): Sql {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const result = await client.query<Row>({
      name: statementName(text),
      text,
      values: [...values],
    });
    return result.rows;
  };
}

/** Whoever waited as long as `lockTimeoutMs` is told this. */
export const LOCK_TIMEOUT = '55P03';
const TRANSIENT = new Set(['40001', '40P01']);
const MAX_TRIES = 8;

export type TransactionOptions = {
  /**
   * Between its statements nothing is done: a server that hears nothing for 5 s, since the line is cut or the process
   * frozen, takes back the locks that others wait for. Without it: after 30 s.
   */
  isBrief?: boolean;
  /** Waits no longer than that for a row that somebody else holds: 55P03. Without it: until the statement times out. */
  lockTimeoutMs?: number;
  /**
   * `work` sends all its statements before it waits for any answer: they, BEGIN and COMMIT take one round trip together
   * on a pool that is pipelined. What fails undoes all of it.
   */
  isOneFlight?: boolean;
};

const BEGIN_BRIEF = 'BEGIN; SET LOCAL idle_in_transaction_session_timeout = 5000';

/**
 * Runs `work` in one transaction and tries again when Postgres says that it lost a race: 40001 is also raised by
 * FOR UPDATE SKIP LOCKED when a row moves to another partition of the ledger.
 */
export async function transaction<T>(
  pool: pg.Pool,
  work: (sql: Sql) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const client = await pool.connect();
    let broken = false;
    try {
      return await carryOut(client, work, options);
    } catch (error) {
      // A line that was silent for 15 s would be so for another 15.
      broken = isSilence(error) || (await rollBack(client));
      if (broken || tries >= MAX_TRIES || !isTransient(error)) throw error;
    } finally {
      client.release(broken);
    }
  }
}

async function carryOut<T>(
  client: pg.ClientBase,
  work: (sql: Sql) => Promise<T>,
  { isBrief = false, isOneFlight = false, lockTimeoutMs }: TransactionOptions,
): Promise<T> {
  const waits = lockTimeoutMs === undefined ? '' : `; SET LOCAL lock_timeout = ${lockTimeoutMs}`;
  const begin = (isBrief ? BEGIN_BRIEF : 'BEGIN') + waits;
  if (isOneFlight) {
    const sent = inOneWrite(client, () => {
      const begun = client.query(begin);
      return Promise.all([work(sqlOf(client)), begun, client.query('COMMIT')]);
    });
    const [value] = await sent;
    return value;
  }
  await client.query(begin);
  const value = await work(sqlOf(client));
  await client.query('COMMIT');
  return value;
}

/**
 * What is sent meanwhile goes out at once. Woken by the first of several writes, the server would take a processor from
 * whoever writes the others: up to 2 ms on two cores.
 */
function inOneWrite<T>(client: pg.ClientBase, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** Runs one statement outside a transaction, again after a lost race. */
export async function once<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MAX_TRIES || !isTransient(error)) throw error;
    }
  }
}

const isSilence = (error: unknown) =>
  error instanceof Error && error.message === 'Query read timeout';

async function rollBack(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(errorCode(error) ?? '');
}

const names = new Map<string, string>();

/** The same for the same text, also in another process. */
export function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    // From the text and not counted: Next loads this file once a bundle, and all copies share the pool's connections.
    name = `p_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
    names.set(text, name);
  }
  return name;
}
