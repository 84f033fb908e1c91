import path from 'node:path';
import pg from 'pg';
import type { Startable } from '../contender.ts';

/**
 * Not a queue: what any queue on PostgreSQL has to do before a no-op can start that is asked for once and started once. The
 * request is committed and told, the claim is committed, both durably; nothing is recorded afterwards. Nobody who keeps
 * as much can start sooner.
 */
export const least: Startable = {
  name: 'the least, durably',
  workerModule: path.join(import.meta.dirname, 'least-process.ts'),
  settings: {},
  async prepare(url) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`
      CREATE TABLE least (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int NOT NULL, claimed_at timestamptz);
      CREATE INDEX least_waits ON least (id) WHERE claimed_at IS NULL`);
    await client.end();
  },
  async openProducer(url) {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    return {
      request: async (n) =>
        void (await pool.query({ name: 'request', text: REQUEST, values: [n] })),
      close: () => pool.end(),
    };
  },
};

const REQUEST = `
WITH asked AS (INSERT INTO least (n) VALUES ($1::int) RETURNING id)
SELECT pg_notify('least', '') FROM asked`;
