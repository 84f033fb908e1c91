import path from 'node:path';
import pg from 'pg';
import { type Drainable, isTrue } from '../contender.ts';

/**
 * Not a queue: what has to be done at the least for a run that stays in the history. It is claimed, durably, before its no-op
 * begins, and its end moves the row to the finished side, a thousand at a time. No attempts, no limits, no fences, no list of runs:
 * one index to claim by, and the key. Nobody who keeps as much on PostgreSQL can drain faster.
 */
export const leastThatKeeps: Drainable = {
  name: 'the least that keeps runs',
  workerModule: path.join(import.meta.dirname, 'keeping-process.ts'),
  settings: {},
  async prepare(url) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`
      CREATE TABLE kept (id bigint NOT NULL, is_live boolean NOT NULL, n int NOT NULL, due_at timestamptz NOT NULL,
        worker int, started_at timestamptz, finished_at timestamptz, PRIMARY KEY (id, is_live)) PARTITION BY LIST (is_live);
      CREATE TABLE kept_live PARTITION OF kept FOR VALUES IN (true) WITH (fillfactor = 70);
      CREATE TABLE kept_done PARTITION OF kept FOR VALUES IN (false);
      CREATE INDEX kept_waits ON kept_live (due_at, id) WHERE worker IS NULL`);
    await client.end();
  },
  async fill(url, count) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(
      `INSERT INTO kept (id, is_live, n, due_at) SELECT n, true, n, now() FROM generate_series(0, $1::int - 1) AS n`,
      [count],
    );
    await client.end();
  },
  isDrained: (pool) => isTrue(pool, 'SELECT NOT EXISTS (SELECT FROM kept_live) AS "isTrue"'),
};
