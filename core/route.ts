import type { Environment } from './environment.ts';

/** How a pool reaches the database. */
export type Route = {
  url: string;
  /** Through a pooler that lends a session for one transaction (core/lent-sessions.ts). */
  isPooled?: boolean;
  /** Statements have names, so that each is planned once a session. Left out: they have. */
  isNamed?: boolean;
};

export type Addresses = Pick<
  Environment,
  'DATABASE_URL' | 'PUNCTUAL_DIRECT_DATABASE_URL' | 'PUNCTUAL_NAMED_STATEMENTS'
>;

/** For short transactions: through the pooler, where there is one. */
export function routeOf(addresses: Addresses): Route {
  const { DATABASE_URL: url, PUNCTUAL_NAMED_STATEMENTS: names } = addresses;
  return { url, isPooled: directUrl(addresses) !== url, isNamed: names === 'on' };
}

/**
 * For what a session has to be one's own: LISTEN, locks that outlive a transaction, statements that take long. And for
 * heartbeats, on which the life of runs hangs: they never wait in a pooler's queue, and go on while it restarts.
 */
export function directUrl({
  DATABASE_URL: url,
  PUNCTUAL_DIRECT_DATABASE_URL: direct = url,
}: Pick<Addresses, 'DATABASE_URL' | 'PUNCTUAL_DIRECT_DATABASE_URL'>): string {
  return direct;
}
