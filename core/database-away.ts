import { errorCode } from './db.ts';

// Node's network errors, Postgres's classes 08 (connection), 53 (resources), 57P (shutdown, terminated), and the
// names that Prisma gives the same.
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08...|53...|57P0.|P1001|P1002|P1008|P1017|P2024|P2037)$/;
const AWAY_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;
const AWAY_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);

/** Whether an error means that the database can't be reached or doesn't answer, however deeply it is wrapped. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error, depth = 0; isObject(cause) && depth < 6; depth++) {
    if (AWAY.test(errorCode(cause) ?? '')) return true;
    const { message, kind, originalCode } = cause as Record<string, unknown>;
    if (typeof message === 'string' && AWAY_MESSAGES.test(message)) return true;
    if (typeof originalCode === 'string' && AWAY.test(originalCode)) return true;
    if (typeof kind === 'string' && AWAY_KINDS.has(kind)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) return true;
    cause = (cause as { cause?: unknown }).cause ?? (cause as { meta?: unknown }).meta;
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
