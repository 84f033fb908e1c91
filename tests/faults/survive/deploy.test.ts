import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { migrate } from '#prisma/migrate.ts';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';

/** The worker of the commit before two migrations, with what it imports: `git archive` of those files. */
const BEFORE = { schema: '20261121001600_proposals', commit: 'ccd39b7' };
const FIXTURE = path.join(import.meta.dirname, '../fixtures/worker-20261121001600.tar.gz');
const ROOT = path.resolve(import.meta.dirname, '../../..');

fault(37, { all: 5, quick: 1, schema: BEFORE.schema }, async (world) => {
  const root = await unpacked();
  await world.steadyJobs();
  await world.job({ everySeconds: 1, overlap: 'queue_all', mayRunTwice: false });
  const old = await Promise.all([
    world.worker({}, undefined, root),
    world.worker({}, undefined, root),
  ]);
  await firstRun(world);
  const applied = await world.during(async () => {
    // As a deployment goes: the schema first, then the workers one after the other.
    const migrated = await migrate(world.db.url);
    await world.live(world.ms(20_000));
    return migrated.applied;
  });
  if (applied.length === 0) world.finds('there was no newer schema');
  const workers = [...old];
  for (let round = 0; round < world.rounds; round++) {
    // The two versions side by side; each takes the other's place, also the older one the newer's, as in a deployment that
    // is taken back.
    const isBack = round % 2 === 1;
    const last = workers.shift()!;
    await world.during(async () => {
      workers.push(await world.worker({}, undefined, isBack ? root : undefined));
      await world.live(world.ms(20_000));
      await (isBack ? last.kill() : last.stop());
    });
  }
  const current = await world.worker();
  for (const worker of workers) await world.during(() => worker.stop());
  for (const worker of [...old, current]) if (worker.errors()) world.finds(worker.errors());
  world.notes.push(
    `the worker of ${BEFORE.commit} (${BEFORE.schema}) beside this one, ${applied.length} migrations later`,
  );
});

const firstRun = (world: World) =>
  until(() => world.record().some(({ what }) => what === 'end'), {
    timeoutMs: 30_000,
    what: 'a run by the version before',
  });

/** The folder of the program as it was. */
async function unpacked(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-before-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await execa('tar', ['-xzf', FIXTURE, '-C', folder]);
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}
