import { beforeEach, expect, test } from 'vitest';
import { changeQueue, createQueue } from '#core/queues/queues.ts';
import { listQueues } from '#core/queues/reads.ts';
import { prisma } from '#core/prisma.ts';
import { type ClaimingWorker, claimingWorker } from '#tests/support/claiming.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { emptyLedger, makeRun } from '#tests/support/runs.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
let queue = '';
let made = 0;
let workers: ClaimingWorker[] = [];
beforeEach(async () => {
  await emptyLedger(web.db());
  queue = `rated-${++made}`;
  workers = await Promise.all(
    ['one', 'two', 'three'].map((name) => claimingWorker(web.db(), { name })),
  );
});

const limits = { maxRunning: 1_000, maxWaiting: 10_000, defaultTimeoutMs: 60_000 };
const rated = (starts: number, perMs: number) =>
  createQueue(admin, { name: queue, ...limits, rate: { starts, perMs } });
async function waiting(count: number, in_ = queue) {
  const job = await makeJob(web.db(), { queue: in_, overlap: 'allow' });
  for (let n = 0; n < count; n++) await makeRun(web.db(), job);
}
const allLook = async () => (await Promise.all(workers.map((worker) => worker.look()))).flat();
const read = async () => (await listQueues(viewer)).find(({ name }) => name === queue)!;

test('no more start than its rate says, however many workers claim at once', async () => {
  valueOf(await rated(7, 600_000));
  await waiting(40);
  expect(await allLook()).toHaveLength(7);
  expect(await allLook()).toEqual([]);
  expect(await read()).toMatchObject({ rate: { starts: 7, perMs: 600_000 }, running: 7 });
});

test('nothing is claimed ahead of its slot where there is a rate: it would begin later than was counted', async () => {
  valueOf(await rated(50, 600_000));
  valueOf(await createQueue(admin, { name: `${queue}-not`, ...limits }));
  await waiting(5);
  await web.db().sql('UPDATE run_live SET may_run_twice = true');
  const ahead = { ahead: 100, soonFree: 10 };
  const busy = await claimingWorker(web.db(), { name: 'busy', slots: 0, ahead });
  expect(await busy.look()).toEqual([]);
  // CONTROL: without a rate it may.
  await web.db().sql(`UPDATE run_live SET queue = $1`, [`${queue}-not`]);
  expect(await busy.look()).toHaveLength(5);
});

test('the next start when the first have left the stretch, and workers sleep until then', async () => {
  valueOf(await rated(3, 1_000));
  await waiting(8);
  const began = performance.now();
  const started = await allLook();
  expect(started).toHaveLength(3);
  const [{ rateOverAt }] = [await read()];
  expect(Date.parse(rateOverAt!) - Date.now()).toBeLessThanOrEqual(1_000);
  for (const worker of workers) expect(worker.sleepsMs()).toBeLessThanOrEqual(1_000);
  while (started.length < 8) {
    started.push(...(await allLook()));
    if (performance.now() - began > 10_000) throw new Error('It starts nothing more.');
  }
  const starts = started.map(({ startedAt }) => startedAt.getTime()).toSorted((a, b) => a - b);
  // In no second more than three, by the database's clock.
  for (const [n, ms] of starts.slice(3).entries())
    expect(ms - starts[n]!).toBeGreaterThanOrEqual(1_000);
  expect(started.filter(({ waitedFor }) => waitedFor === 'rate').length).toBeGreaterThanOrEqual(3);
});

test('other queues go on', async () => {
  valueOf(await rated(1, 600_000));
  await waiting(5);
  await waiting(4, 'default');
  const started = await allLook();
  expect(started.filter((run) => run.queue === queue)).toHaveLength(1);
  expect(started.filter((run) => run.queue === 'default')).toHaveLength(4);
});

test('a retry counts as a start', async () => {
  valueOf(await rated(2, 600_000));
  await waiting(1);
  const [run] = await workers[0]!.look();
  await workers[0]!.finish(run!, 'failed', new Date());
  expect(await workers[0]!.look()).toHaveLength(1);
  await waiting(1);
  expect(await workers[0]!.look()).toEqual([]);
});

test('it can be changed and taken away, with an entry; what started lately counts for the new one', async () => {
  valueOf(await rated(2, 600_000));
  await waiting(9);
  expect(await allLook()).toHaveLength(2);
  const change = (rate: { starts: number; perMs: number } | null) =>
    changeQueue(admin, { name: queue, ...limits, rate });
  valueOf(await change({ starts: 5, perMs: 600_000 }));
  expect(await allLook()).toHaveLength(3);
  valueOf(await change(null));
  expect(await allLook()).toHaveLength(4);
  const entries = await prisma().auditEntry.findMany({
    where: { subject: `queue:${queue}`, action: 'queue.change' },
    orderBy: { id: 'asc' },
  });
  expect(entries).toMatchObject([
    { before: { rate: { starts: 2 } }, after: { rate: { starts: 5 } } },
    { before: { rate: { starts: 5 } }, after: { rate: null } },
  ]);
  const [row] = await web.db().sql('SELECT rate_log FROM queue WHERE name = $1', [queue]);
  expect(row).toEqual({ rate_log: [] });
});

test('what can’t be a rate is refused at its field', async () => {
  expect(refusalOf(await rated(0, 1_000)).fields?.[0]?.path).toEqual(['rate', 'starts']);
  expect(refusalOf(await rated(1, 10)).fields?.[0]?.path).toEqual(['rate', 'perMs']);
});
