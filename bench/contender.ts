import type pg from 'pg';

/** What executes no-ops in a worker process of its own. */
export type Entry = {
  /** Unique: `graphile-worker, tuned`. */
  name: string;
  /** The module of its worker process, in which `serve` is called (worker-side.ts). */
  workerModule: string;
  /** Node's own flags for it; without them: none. */
  flags?: readonly string[];
  /** Of its process, beside what everybody has. */
  environment?: Readonly<Record<string, string>>;
  /** What that module is started with. */
  settings: Readonly<Record<string, unknown>>;
  /** Makes its tables in an empty database. */
  prepare(url: string): Promise<void>;
};

/** It starts what it is asked for. */
export type Startable = Entry & {
  /** Whoever asks for runs, in this process. */
  openProducer(url: string): Promise<Producer>;
};

/** It works off what waits. */
export type Drainable = Entry & {
  /** Puts so many no-ops into line, in bulk. */
  fill(url: string, count: number): Promise<void>;
  /** Whether all of them are done and recorded. */
  isDrained(pool: pg.Pool): Promise<boolean>;
};

/** One of those that are measured beside each other: a queue with its settings, on a database of its own. */
export type Contender = Startable &
  Drainable & {
    system: 'punctual' | 'graphile-worker' | 'pg-boss';
    /**
     * So many schedules of a no-op, numbered from 0, that fire at every whole minute or once a year.
     * @returns further settings of the worker that has to know them
     */
    schedule(
      url: string,
      count: number,
      how: keyof typeof CRON_LINES,
    ): Promise<Readonly<Record<string, unknown>>>;
  };

export type Producer = {
  /** Asks for one no-op that says `n` when it starts. */
  request(n: number): Promise<void>;
  close(): Promise<void>;
};

/** What a no-op is given, whoever runs it: which one it is. */
export type NoOp = { n: number };

export const CRON_LINES = { everyMinute: '* * * * *', yearly: '17 3 1 6 *' } as const;

/** The answer of a statement that asks for "isTrue". */
export async function isTrue(pool: pg.Pool, statement: string): Promise<boolean> {
  const { rows } = await pool.query<{ isTrue: boolean }>(statement);
  return rows[0]!.isTrue;
}
