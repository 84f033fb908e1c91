import type { Measure, Stage } from '../measure.ts';
import { punctual } from '../punctual/punctual.ts';
import { drained } from './drain.ts';

const RUNS = 50_000;

/** What a run takes on the disk, with all its indexes: while it waits, and once it is history. */
export const space: Measure = {
  name: 'space',
  unit: 'bytes a run',
  better: 'less',
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once(stage) {
        await punctual.fill(stage.url, RUNS);
        const waiting = await bytesOf(stage, 'run_live');
        await stage.pool.query('TRUNCATE run_live');
        await drained(punctual, stage, 1);
        return {
          waiting: waiting / RUNS,
          'its row of history': (await bytesOf(stage, 'run_done')) / RUNS,
          'its attempt': (await bytesOf(stage, 'attempt')) / RUNS,
        };
      },
    },
  ],
};

async function bytesOf({ pool }: Stage, table: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(relid)) AS bytes FROM pg_partition_tree($1::regclass) WHERE isleaf`,
    [table],
  );
  return Number(rows[0]!.bytes);
}
