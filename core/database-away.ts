import { errorCode } from './error-code.ts';

// Node's network errors, Postgres's classes 08 (connection), 53 (resources), 57P (shutdown, terminated) and 25006 (takes
// no writes, as a standby before it is promoted), and the names that Prisma gives the same.
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08...|25006|53...|57P0.|P1001|P1002|P1008|P1017|P2024|P2037)$/;
const AWAY_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/;
const AWAY_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);

/** Whether an error means that the database can't be reached or doesn't answer, however deeply it is wrapped. */
export function isDatabaseAway(error: unknown): boolean {
  return codeOfAway(error) !== undefined;
}

/**
 * The code by which an error says that the database is away, however deeply it is wrapped: SQLSTATE (`25006`), Node's or
 * Prisma's; empty where it says so in words alone, undefined where it doesn't.
 */
export function codeOfAway(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 6) return undefined;
  const { message, kind, originalCode, cause, meta, driverAdapterError, errors } = error as Record<
    string,
    unknown
  >;
  for (const code of [originalCode, errorCode(error)]) {
    if (typeof code === 'string' && AWAY.test(code)) return code;
  }
  for (const inner of [cause, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])]) {
    const code = codeOfAway(inner, depth + 1);
    if (code !== undefined) return code;
  }
  const saysSo =
    (typeof message === 'string' && AWAY_MESSAGES.test(message)) ||
    (typeof kind === 'string' && AWAY_KINDS.has(kind));
  return saysSo ? '' : undefined;
}

/**
 * Whether a statement may succeed later as it is: the database is away, full, read-only, or something held it up. False
 * where Postgres refused the statement or its values, and for our own mistakes.
 */
export function mayPass(error: unknown): boolean {
  return isDatabaseAway(error) || /^(08|25|40|53|55|57|58)...$/.test(errorCode(error) ?? '');
}

/** For where it is known that the database is away, but the error that said so was lost on the way. */
export function databaseAway(cause: unknown): Error {
  return Object.assign(new Error('The database doesn’t answer.', { cause }), { code: 'P1001' });
}

/** What answers later than that is away as far as a person who waits is concerned, ms. */
export const ANSWER_TIMEOUT_MS = 4_000;

/**
 * What `asked` gives, if it does so in time: a frozen database refuses nothing, and the driver waits for 15 s. For the
 * small read that a request begins with, by which it is known whether the others are worth beginning.
 * Only the database's silence counts: not the time in which this process was busy itself, as it is right after its start,
 * nor the time before others got their answer, as where many wait for few connections.
 *
 * @throws Error that `isDatabaseAway` knows, when the time is over
 */
export async function inTime<T>(asked: Promise<T>, withinMs = ANSWER_TIMEOUT_MS): Promise<T> {
  const late = Promise.withResolvers<never>();
  const stepMs = withinMs / STEPS;
  let [silentMs, known, lookedAt] = [0, answers, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    silentMs = known === answers ? silentMs + Math.min(now - lookedAt, 2 * stepMs) : 0;
    [known, lookedAt] = [answers, now];
    if (silentMs >= withinMs) late.reject(databaseAway(undefined));
  }, stepMs);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearInterval(timer);
  }
}

// A process that was busy meanwhile counts two steps at most, however long it took.
const STEPS = 16;
let answers = 0;

/** Each time that the database said something to this process, whoever had asked. */
export function noteAnswer(): void {
  answers += 1;
}
