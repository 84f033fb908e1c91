// Which log lines the product has acknowledged: what another connection can see has been committed, and must stay.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { StandingChunk } from './stands.ts';

/** By run and seq: what was stored there when it was first seen. */
export type Acknowledged = Map<string, { hash: string; lines: number }>;

export type Watch = {
  seen: Acknowledged;
  stop(): Promise<void>;
};

const keyOf = ({ run, seq }: { run: number; seq: number }) => `${run}/${seq}`;
const hashOf = (body: string) => createHash('sha256').update(body).digest('hex');
const linesOf = (body: string) => body.split('\n').length - 1;

/**
 * Looks at the stored log of these jobs every 100 ms until it is stopped; a look that the fault prevents is made up for by
 * the next.
 */
export function watchAcknowledged(pool: pg.Pool, keys: () => readonly string[]): Watch {
  const seen: Acknowledged = new Map();
  let isStopped = false;
  let since = new Date(0);
  const look = async () => {
    const { rows } = await pool.query<{ run: string; seq: number; body: string; at: Date }>(
      // Rows get their time before they are committed: look a little further back than the last one seen, or than now
      // where the clock went back.
      `SELECT c.run_id AS run, c.seq, c.body, c.stored_at AS at
         FROM log_chunk c JOIN run r ON r.id = c.run_id AND r.scheduled_for = c.scheduled_for JOIN job j ON j.id = r.job_id
        WHERE c.stored_at > least($1::timestamptz, clock_timestamp()) - interval '10 s' AND j.key = ANY ($2)`,
      [since, keys()],
    );
    for (const { run, seq, body, at } of rows) {
      const key = keyOf({ run: Number(run), seq });
      if (!seen.has(key)) seen.set(key, { hash: hashOf(body), lines: linesOf(body) });
      if (at > since) since = at;
    }
  };
  const watching = (async () => {
    while (!isStopped) {
      await look().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await look();
  })();
  return {
    seen,
    stop: () => {
      isStopped = true;
      return watching;
    },
  };
}

export type Unkept = { where: string; how: 'gone' | 'changed'; lines: number };

/** Parts of logs that were there once and aren't as they were. */
export function unkept(seen: Acknowledged, chunks: readonly StandingChunk[]): Unkept[] {
  const now = new Map(chunks.map((chunk) => [keyOf(chunk), hashOf(chunk.body)]));
  return [...seen].flatMap(([where, { hash, lines }]) => {
    const left = now.get(where);
    if (left === hash) return [];
    return [{ where, how: left === undefined ? ('gone' as const) : ('changed' as const), lines }];
  });
}
