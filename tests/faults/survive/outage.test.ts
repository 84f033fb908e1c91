import { fault, IS_ALL } from '../fault.ts';
import type { World } from '../world.ts';
import { HOUR_MS, untilOnTime } from './on-time.ts';

const DAYS_MS = 3 * 24 * HOUR_MS;

fault(25, { all: 1, clock: true }, async (world) => {
  // Three days ago; the outage ends when the clock is right again.
  await world.moveClock(-DAYS_MS);
  await world.db.sql('SELECT make_month((now() AT TIME ZONE $1)::date)', ['UTC']);
  const latest = await world.job({ everySeconds: 1, catchUp: 'latest' });
  const none = await world.job({ everySeconds: 5, overlap: 'skip', catchUp: 'none' });
  const all = await world.job({
    everySeconds: 60,
    mayRunTwice: false,
    catchUp: 'all',
    catchUpMost: IS_ALL ? 100 : 30,
    catchUpPerMinute: 120,
  });
  const herd = await Promise.all(
    Array.from({ length: 20 }, () =>
      world.job({ everySeconds: 3_600, overlap: 'queue_one', catchUp: 'latest' }),
    ),
  );
  const before = await Promise.all([world.worker(), world.worker()]);
  await untilOnTime(world, -DAYS_MS);
  const [from, to] = await world.during(async () => {
    // One in order, one beside its runs.
    await Promise.all([before[0].stop(), before[1].kill()]);
    const stoppedAt = Date.now() - DAYS_MS;
    await world.moveClock(0);
    const backAt = Date.now();
    await Promise.all([world.worker(), world.worker()]);
    // What was planned before it, and what isn't missed yet.
    return [stoppedAt + 61_000, backAt - 6_000] as const;
  });
  await untilOnTime(world, 0);
  const expected: [string, { id: number }, number][] = [
    ['latest', latest, 1],
    ['none', none, 0],
    ['all', all, IS_ALL ? 100 : 30],
    ...herd.map((job): [string, { id: number }, number] => ['latest (hourly)', job, 1]),
  ];
  for (const [rule, { id }, most] of expected) {
    const made = await madeUp(world, id, { from, to });
    if (made.runs > most || made.runs < most - 1) {
      world.finds(`catch-up ${rule} made ${made.runs} runs, not ${most}`);
    }
    if (!made.hasGap) world.finds(`what catch-up ${rule} left out stands in no gap`);
  }
  const dueAt = await world.db.sql<{ at: Date }>(
    `SELECT due_at AS at FROM run WHERE job_id = $1 AND scheduled_for BETWEEN $2 AND $3 ORDER BY due_at`,
    [all.id, new Date(from), new Date(to)],
  );
  const [first, last] = [dueAt.at(0)!.at.getTime(), dueAt.at(-1)!.at.getTime()];
  if (last - first < (dueAt.length - 1) * 450) {
    world.finds(`${dueAt.length} missed ticks were due within ${last - first} ms, at 120 a minute`);
  }
  world.notes.push(
    `${dueAt.length} of 4,320 ticks made up for over ${Math.round((last - first) / 1_000)} s, the others in gaps`,
  );
});

/** What became of the ticks that were missed: runs that made up for them, and whether a gap says so of the others. */
async function madeUp(
  world: World,
  jobId: number,
  { from, to }: { from: number; to: number },
): Promise<{ runs: number; hasGap: boolean }> {
  const [row] = await world.db.sql<{ runs: number; hasGap: boolean }>(
    `SELECT (SELECT count(*) FROM run WHERE job_id = $1 AND trigger = 'tick' AND scheduled_for BETWEEN $2 AND $3) AS runs,
            EXISTS (SELECT FROM gap WHERE job_id = $1 AND reason = 'missed' AND span && tstzrange($2, $3)) AS "hasGap"`,
    [jobId, new Date(from), new Date(to)],
  );
  return row!;
}
