import type pg from 'pg';
import { createClient, type Sql, sqlOf } from '#core/db.ts';

export type OwnConnectionOptions = {
  url: string;
  applicationName: string;
  /** Longest time for connecting and for each use, ms: past it the connection counts as dead. */
  deadlineMs: number;
  /** Once for each new connection, before its first use. */
  onConnect?: (client: pg.Client, sql: Sql) => Promise<void> | void;
  /** The connection broke, mostly while nobody used it. */
  onBroken?: () => void;
};

/**
 * A connection outside the pool, so that a busy pool can't starve it. It connects at the first use, and again at the
 * use after it broke. A connection that swallows bytes is found by the deadline and cut off, not waited for.
 */
export class OwnConnection {
  readonly #options: OwnConnectionOptions;
  #client: pg.Client | null = null;

  constructor(options: OwnConnectionOptions) {
    this.#options = options;
  }

  /** @throws whatever connecting or `work` throws, or an Error when the deadline is over; the connection is gone then. */
  async use<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = this.#client ?? this.#newClient();
    const isNew = client !== this.#client;
    this.#client = client;
    try {
      return await this.#withinDeadline(async () => {
        if (isNew) {
          await client.connect();
          await this.#options.onConnect?.(client, sqlOf(client));
        }
        return work(sqlOf(client));
      });
    } catch (error) {
      this.#cut(client);
      throw error;
    }
  }

  /** Ends the connection; the next use makes a new one. */
  close(): void {
    if (this.#client) this.#cut(this.#client);
  }

  #newClient(): pg.Client {
    const client = createClient(this.#options.url, this.#options.applicationName);
    client.once('end', () => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#options.onBroken?.();
    });
    return client;
  }

  async #withinDeadline<T>(work: () => Promise<T>): Promise<T> {
    const { deadlineMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the database didn't answer within ${deadlineMs} ms`)),
        deadlineMs,
      );
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #cut(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    // end() waits for the other side, which may never answer: the socket goes without asking.
    client.end().catch(() => {});
    (
      client as unknown as { connection?: { stream?: { destroy?: () => void } } }
    ).connection?.stream?.destroy?.();
  }
}
