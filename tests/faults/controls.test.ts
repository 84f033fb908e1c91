// Each rule of the checker is shown to notice a real installation that breaks it.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { IS_ALL } from './fault.ts';
import { recordingHead } from './outside/record.ts';
import { openWorld, type World } from './world.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const world = (server?: Record<string, string>) =>
  openWorld({ name: 'control', rounds: 1, scale: 0.1, server });

/** Steady jobs, some of whose runs have ended. */
async function steadyWorld(): Promise<World> {
  const steady = await world();
  await steady.steadyJobs();
  await steady.worker();
  await until(
    async () => (await steady.db.sql(`SELECT 1 FROM run WHERE state = 'succeeded'`)).length >= 3,
  );
  return steady;
}

describe('CONTROL: the checker notices', () => {
  it('a tick that was deleted', async () => {
    const { db, settle } = await steadyWorld();
    const [gone] = await db.sql<{ id: number; at: Date }>(
      `DELETE FROM run WHERE id = (SELECT min(id) FROM run WHERE state = 'succeeded') RETURNING id, scheduled_for AS at`,
    );
    const { verdict } = await settle();
    expect(verdict.unaccounted.join()).toContain(`at ${gone!.at.toISOString()} stands nowhere`);
    expect(verdict.unaccounted.join()).toContain(`run ${gone!.id} attempt 1`);
  });

  it('a line that was dropped', async () => {
    const { db, settle } = await steadyWorld();
    await db.sql(
      `UPDATE log_chunk SET body = regexp_replace(body, '[^\\n]*\\n$', '') WHERE seq = 0 AND run_id =
         (SELECT min(run_id) FROM log_chunk)`,
    );
    const { verdict } = await settle();
    expect(verdict.linesLost).toBeGreaterThan(0);
  });

  it('a run that was run twice', async () => {
    const twice = await world();
    const { id } = await twice.job({ mayRunTwice: false, beats: 20 });
    await request(twice, id);
    await twice.worker();
    await until(() => twice.record().length > 2, { what: 'its start' });
    // As if the claim had never been made.
    await twice.db.sql(
      `UPDATE run SET state = 'queued', attempt = 0, worker_id = NULL, started_at = NULL WHERE is_live`,
    );
    await until(() => twice.record().filter(({ what }) => what === 'start').length > 1);
    const { verdict } = await twice.settle();
    expect(verdict.doubled.join()).toMatch(/attempt 1 of .* began twice/);
    expect(verdict.doubled.join()).toMatch(/began 2 times/);
  });

  // A minute of crashes: with `--all` alone.
  it.skipIf(!IS_ALL)('claims that don’t wait for the disk, when the database crashes', async () => {
    const careless = await world({ fsync: 'on', synchronous_commit: 'off' });
    await careless.steadyJobs();
    await careless.worker();
    const doubled = async () => {
      const before = careless.record().length;
      await until(() => careless.record().length > before + 3, { everyMs: 5 });
      const { pid } = careless.server;
      process.kill(pid, 'SIGQUIT');
      await until(() => !isAlive(pid), { what: 'the end of Postgres' });
      await careless.server.startAgain();
      await careless.live(3_000);
      return startedTwice(careless);
    };
    let found = false;
    for (let crashes = 0; crashes < 6 && !found; crashes++) found = await doubled();
    const { verdict } = await careless.settle();
    expect(verdict.doubled.join()).toMatch(/began twice/);
  });

  it.each([
    ['an engine without the fence', true],
    ['CONTROL: not the engine with it', false],
  ])('%s', async (_what, withoutFence) => {
    const fenced = await world();
    const go = `${fenced.recordFile}-go`;
    const job = await fenced.job({
      script: `${recordingHead(fenced.recordFile)}
rec start
if [ $PUNCTUAL_ATTEMPT = 1 ]; then until [ -e ${go} ]; do sleep 0.05; done; else sleep 5; fi
rec end`,
    });
    await request(fenced, job.id);
    // It doesn't look at its lease for the next 30 s.
    const slow = {
      PUNCTUAL_HEARTBEAT_MS: '30000',
      PUNCTUAL_SELF_KILL_MS: '40000',
      PUNCTUAL_LEASE_MS: '60000',
    };
    const program = withoutFence ? await fenceless() : ROOT;
    const { workerId } = await fenced.worker(slow, undefined, program);
    await until(() => fenced.record().length > 0, { what: 'its start' });
    await fenced.worker();
    await fenced.db.sql(`UPDATE worker SET lease_until = now() - interval '1 ms' WHERE id = $1`, [
      workerId,
    ]);
    await until(() => fenced.record().length > 1, { what: 'the second attempt' });
    await writeFile(go, '');
    const { verdict } = await fenced.settle();
    const early = [expect.stringContaining('never came to its end')];
    expect(verdict.unaccounted).toEqual(withoutFence ? early : []);
  });
});

const request = ({ db }: World, jobId: number) =>
  db.sql(
    `INSERT INTO run (scheduled_for, job_id, revision, trigger, queue, kind, overlap, due_at)
     VALUES (now(), $1, 1, 'manual', 'default', 'script', 'allow', now())`,
    [jobId],
  );

const startedTwice = ({ record }: World) => {
  const starts = record().flatMap(({ run, attempt, what }) =>
    what === 'start' ? [`${run}/${attempt}`] : [],
  );
  return new Set(starts).size < starts.length;
};

/** A copy of the engine whose records of ends ask neither for the worker nor for the attempt; its folder. */
async function fenceless(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'punctual-fenceless-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const part of ['core', 'worker', 'prisma', 'messages', 'package.json']) {
    await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'core/runs/finish.sql.ts');
  const source = await readFile(file, 'utf8');
  const without = source
    .replace('r.id = g.id AND r.worker_id = g.worker_id AND r.attempt = g.attempt', 'r.id = g.id')
    .replace('FROM owned\n), ${PROGRESS}', 'FROM owned ON CONFLICT DO NOTHING\n), ${PROGRESS}');
  expect(without.length).toBeLessThan(source.length - 20);
  await writeFile(file, without);
  return folder;
}
