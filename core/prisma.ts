import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { noteAnswer } from './database-away.ts';
import { createPool, isTransient, type Sql, statementName } from './db.ts';
import { errorCode } from './error-code.ts';
import { environment } from './environment.ts';
import { routeOf } from './route.ts';
import { type Prisma, PrismaClient } from '#prisma/generated/client.ts';

/** What use-cases write with: the client itself, or the handle of an open transaction. */
export type Tx = Prisma.TransactionClient;

type Connections = { pool: pg.Pool; client: PrismaClient };
const held = globalThis as { punctualConnections?: Connections };

function connections(): Connections {
  if (!held.punctualConnections) {
    const pool = createPool({
      ...routeOf(environment()),
      max: 10,
      applicationName: 'punctual-web',
      connectTimeoutMs: 10_000,
      // A session plans a page's statements in 50 ms and keeps the plans: who comes by once a minute is to find them.
      idleTimeoutMs: 10 * 60_000,
      // Plans are kept, and the live partition grows faster than its statistics: one made while it was all but empty read
      // 100,000 runs for each queue of the page. A bitmap is made whole before its first row is looked at: all runs of each
      // job, to find the one that waits longest.
      settings: { enable_seqscan: 'off', enable_bitmapscan: 'off' },
    });
    pool.on('connect', noteAnswer);
    pool.on('release', (error) => {
      if (!error) noteAnswer();
    });
    // One instance a process, also when Next reloads a module in development.
    const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => nameOf(sql) });
    held.punctualConnections = { pool, client: new PrismaClient({ adapter }) };
  }
  return held.punctualConnections;
}

/** None (empty) for a list of values: there is another statement for each of its lengths. */
const nameOf = (sql: string) => (/IN \(\$\d+,/.test(sql) ? '' : statementName(sql));

export function prisma(): PrismaClient {
  return connections().client;
}

/** The pool under Prisma's client: for statements of `<noun>.sql.ts` outside a transaction. */
export function webPool(): pg.Pool {
  return connections().pool;
}

/** Ends the process's connections; the next use opens new ones. */
export async function closeConnections(): Promise<void> {
  const open = held.punctualConnections;
  delete held.punctualConnections;
  await open?.client.$disconnect();
  await open?.pool.end();
}

/** Runs `work` in one transaction, again when it lost a race (serialisation, deadlock). Nothing slow belongs inside. */
export async function inTransaction<T>(work: (tx: Tx, sql: Sql) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await prisma().$transaction((tx) => work(tx, sqlIn(tx)), {
        maxWait: 5_000,
        timeout: 15_000,
      });
    } catch (error) {
      if (tries >= 5 || !lostRace(error)) throw error;
    }
  }
}

function lostRace(error: unknown): boolean {
  return errorCode(error) === 'P2034' || isTransient(error) || isTransient(rawCause(error));
}

/** A raw statement's failure is P2010, and what Postgres said lies deeper. */
function rawCause(error: unknown): { code: unknown } {
  const { meta } = error as {
    meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
  };
  return { code: meta?.driverAdapterError?.cause?.originalCode };
}

/** The statements of `<noun>.sql.ts` inside a transaction of Prisma's. */
export function sqlIn(tx: Tx): Sql {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const rows = await tx.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values);
    return rows.map(plain) as Row[];
  };
}

// Prisma reads int8 as bigint; the pool reads it as number (core/db.ts), and so do we.
function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'bigint') row[column] = Number(value);
  }
  return row;
}
