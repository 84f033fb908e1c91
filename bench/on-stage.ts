import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Entrant } from './measure.ts';

/** One round of an entrant, on a database of its own that goes afterwards. */
export async function onStage(server: string, entrant: Entrant): ReturnType<Entrant['once']> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // The database goes from under it.
  pool.on('error', () => {});
  try {
    await entrant.prepare(url);
    return await entrant.once({ url, pool });
  } finally {
    await pool.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  }
}
