import pg from 'pg';
import { noteStart, serve } from '../worker-side.ts';

const CLAIM = `
UPDATE least SET claimed_at = clock_timestamp()
 WHERE id IN (SELECT id FROM least WHERE claimed_at IS NULL ORDER BY id LIMIT 20 FOR UPDATE SKIP LOCKED)
RETURNING n`;

serve(async (url) => {
  const listener = new pg.Client({ connectionString: url });
  const claimer = new pg.Client({ connectionString: url });
  await Promise.all([listener.connect(), claimer.connect()]);
  let isClaiming = false;
  let isToldAgain = false;
  listener.on('notification', () => {
    isToldAgain = true;
    if (!isClaiming) void claim();
  });
  await listener.query('LISTEN least');

  async function claim(): Promise<void> {
    isClaiming = true;
    while (isToldAgain) {
      isToldAgain = false;
      const { rows } = await claimer.query<{ n: number }>({ name: 'claim', text: CLAIM });
      for (const { n } of rows) noteStart(n);
    }
    isClaiming = false;
  }
});
