import pg from 'pg';
import { errorCode } from '#core/error-code.ts';
import { noteStart, serve } from '../worker-side.ts';

const CLAIM = `
UPDATE kept_live SET worker = pg_backend_pid(), started_at = clock_timestamp()
 WHERE id = ANY (ARRAY(SELECT id FROM kept_live WHERE worker IS NULL ORDER BY due_at, id LIMIT 1000 FOR UPDATE SKIP LOCKED))
RETURNING id, n`;
const FINISH = `
UPDATE kept SET is_live = false, finished_at = clock_timestamp() WHERE is_live AND id = ANY ($1::bigint[])`;

serve(async (url) => {
  const [claimer, finisher] = [1, 2].map(() => new pg.Client({ connectionString: url }));
  await Promise.all([claimer!.connect(), finisher!.connect()]);
  await Promise.all([claimer, finisher].map((client) => client!.query('SET enable_seqscan = off')));
  void drain();

  async function claim(): Promise<{ id: string; n: number }[]> {
    for (;;) {
      try {
        return (await claimer!.query<{ id: string; n: number }>({ name: 'claim', text: CLAIM }))
          .rows;
      } catch (error) {
        // What the other process finishes moves to another partition meanwhile.
        if (errorCode(error) !== '40001') throw error;
      }
    }
  }

  // While one batch is claimed, the one before is finished.
  async function drain(): Promise<void> {
    let finished: Promise<unknown> = Promise.resolve();
    for (;;) {
      const rows = await claim();
      if (rows.length === 0) return;
      for (const { n } of rows) noteStart(n);
      await finished;
      finished = finisher!.query({
        name: 'finish',
        text: FINISH,
        values: [rows.map(({ id }) => id)],
      });
    }
  }
});
