import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { accountFor, planAll, testPlanner, ticksOf } from '#tests/support/planning.ts';

const PROGRAM = path.join(import.meta.dirname, '../support/planner-process.ts');
const LAST_AHEAD_MS = 240_000;
const KILLS = 20;

test('rules 1 and 2: planner processes killed at random points leave each tick with one row', async () => {
  await using db = await createTestDatabase();
  const schedule = {
    type: 'interval',
    everyMs: 1_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'UTC',
  } as const;
  const jobs = await Promise.all(Array.from({ length: 30 }, () => makeJob(db, { schedule })));
  const created = await db.sql<{ id: number; at: Date }>('SELECT id, created_at AS at FROM job');

  let kills = 0;
  const killedOneAfterAnother = async () => {
    while (kills < KILLS) {
      kills += 1;
      await killedPlanner(db.url, kills);
    }
  };
  await Promise.all([killedOneAfterAnother(), killedOneAfterAnother()]);
  // One that nobody kills goes to the end.
  await planAll(testPlanner(db.pool, LAST_AHEAD_MS));

  let ticks = 0;
  for (const job of jobs) {
    const after = created.find(({ id }) => id === job.id)!.at;
    const rows = await ticksOf(db.sql, job.id);
    const history = [{ from: after, revision: 1, schedule }];
    expect(await accountFor(db.sql, job.id, { after, until: rows.at(-1)!.at, history })).toEqual(
      [],
    );
    ticks += rows.length;
  }
  expect(ticks).toBeGreaterThan((30 * LAST_AHEAD_MS) / 2 / 1_000);
});

/** A planner process that is killed with SIGKILL some passes after it began; resolves when it is gone. */
async function killedPlanner(url: string, round: number): Promise<void> {
  const ahead = (round * LAST_AHEAD_MS) / (KILLS + 1);
  const child = spawn(process.execPath, [PROGRAM, url, String(ahead), String(LAST_AHEAD_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let left = 1 + Math.floor(Math.random() * 8);
  for await (const _line of createInterface({ input: child.stdout })) {
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  await ended;
}
