import { describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { prisma } from '#core/prisma.ts';
import { changeQueue, createQueue } from '#core/queues/queues.ts';
import { listQueues } from '#core/queues/reads.ts';
import { drainWorker, listWorkers, undrainWorker } from '#core/workers/workers.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun, insertWorker } from '../support/ledger.ts';
import { admin, viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const limits = { maxRunning: 4, maxWaiting: 100, defaultTimeoutMs: 60_000 };
const queue = async (name: string) => (await listQueues(viewer)).find((one) => one.name === name)!;

describe('a queue', () => {
  test('tells what runs and waits in it, and since when', async () => {
    const { sql } = db();
    const job = await makeJob(db(), { queue: 'reports' });
    const other = await makeJob(db(), { queue: 'reports' });
    const oldest = Date.now() - 60_000;
    const run = { jobId: job.id, queue: 'reports', trigger: 'manual' as const };
    await insertRun(sql, { ...run, jobId: other.id, state: 'running' });
    await insertRun(sql, { ...run, state: 'queued', at: Date.now() - 5_000, priority: 2 });
    await insertRun(sql, { ...run, state: 'queued', at: oldest, priority: -1 });
    await insertRun(sql, { ...run, state: 'queued', at: oldest - 9_000, hold: 'paused' });
    await insertRun(sql, { ...run, state: 'queued', at: Date.now() + 60_000 });
    await insertWorker(sql, { queues: ['reports'], slots: 7 });
    await insertWorker(sql, { queues: ['sync'], slots: 5 });
    await insertWorker(sql, { state: 'draining', slots: 5 });
    expect(await queue('reports')).toEqual({
      name: 'reports',
      description: 'Reports and exports',
      maxRunning: 3,
      rate: null,
      rateOverAt: null,
      maxWaiting: 50,
      defaultTimeoutMs: 60_000,
      jobs: 2,
      running: 1,
      runningNow: [{ runId: expect.any(Number), jobKey: other.key, since: expect.any(String) }],
      waiting: 2,
      isMoreWaiting: false,
      oldestWaitSince: new Date(oldest).toISOString(),
      held: 1,
      workers: 1,
      workerSlots: 7,
    });
  });

  test('is made and changed by an admin, audited with what was before', async () => {
    expect(await createQueue(admin, { name: 'mail', ...limits })).toMatchObject({ ok: true });
    expect(await createQueue(admin, { name: 'mail', ...limits })).toMatchObject({
      refusal: { code: 'conflict', fields: [{ path: ['name'] }] },
    });
    expect(await changeQueue(admin, { name: 'mail', ...limits, maxRunning: 9 })).toMatchObject({
      ok: true,
    });
    expect(await queue('mail')).toMatchObject({ maxRunning: 9, maxWaiting: 100, running: 0 });
    const [, change] = await prisma().auditEntry.findMany({
      where: { subject: 'queue:mail' },
      orderBy: { id: 'asc' },
    });
    expect(change).toMatchObject({
      action: 'queue.change',
      before: { maxRunning: 4 },
      after: { maxRunning: 9 },
    });
  });

  test('says at the field what it doesn’t allow, and changes nothing', async () => {
    for (const [field, value] of [
      ['maxRunning', 0],
      ['maxRunning', 1.5],
      ['maxWaiting', -1],
      ['defaultTimeoutMs', 999],
    ] as const) {
      expect(await changeQueue(admin, { name: 'sync', ...limits, [field]: value })).toMatchObject({
        refusal: { code: 'invalid', fields: [{ path: [field] }] },
      });
    }
    expect(await createQueue(admin, { name: 'No Name', ...limits })).toMatchObject({
      refusal: { fields: [{ path: ['name'] }] },
    });
    expect(await changeQueue(admin, { name: 'nowhere', ...limits })).toMatchObject({
      refusal: { code: 'not_found' },
    });
    expect(await queue('sync')).toMatchObject({ maxRunning: 5, maxWaiting: 100 });
  });

  test('isn’t changed by a viewer', async () => {
    await expect(createQueue(viewer, { name: 'x', ...limits })).rejects.toThrow(NotAllowed);
    await expect(changeQueue(viewer, { name: 'sync', ...limits })).rejects.toThrow(NotAllowed);
  });
});

describe('workers', () => {
  test('stand with what they run; those that ended long ago are gone', async () => {
    const { sql } = db();
    await sql('DELETE FROM worker');
    const job = await makeJob(db());
    const busy = await insertWorker(sql, { name: 'a-busy', labels: { zone: 'b' }, slotsInUse: 1 });
    const silent = await insertWorker(sql, {
      name: 'b-silent',
      leaseUntil: new Date(Date.now() - 1_000),
    });
    const lost = await insertWorker(sql, { name: 'c-lost', state: 'lost' });
    await insertWorker(sql, {
      name: 'd-old',
      state: 'stopped',
      endedAt: new Date(Date.now() - 2 * 86_400_000),
    });
    const run = await insertRun(sql, { jobId: job.id, state: 'running', workerId: busy });
    const found = await listWorkers(viewer);
    expect(found.map(({ id }) => id)).toEqual([busy, silent, lost]);
    expect(found[0]).toMatchObject({
      state: 'active',
      isSilent: false,
      labels: { zone: 'b' },
      running: [{ runId: run, jobKey: job.key }],
    });
    expect(found[1]).toMatchObject({ isSilent: true });
    expect(found[2]).toMatchObject({ state: 'lost', isSilent: false, running: [] });
  });

  test('are drained and taken back by a person, not out of their own end', async () => {
    const id = await insertWorker(db().sql, { name: 'w-drain' });
    expect(await drainWorker(admin, id)).toMatchObject({ ok: true });
    expect(await drainWorker(admin, id)).toMatchObject({ refusal: { code: 'conflict' } });
    const worker = (await listWorkers(viewer)).find((one) => one.id === id);
    expect(worker).toMatchObject({ state: 'draining', drainRequestedBy: 'Test' });
    expect(await undrainWorker(admin, id)).toMatchObject({ ok: true });
    expect(await undrainWorker(admin, id)).toMatchObject({ refusal: { code: 'conflict' } });
    const ending = await insertWorker(db().sql, { state: 'draining' });
    expect(await undrainWorker(admin, ending)).toMatchObject({ refusal: { code: 'conflict' } });
    const actions = await prisma().auditEntry.findMany({
      where: { subject: `worker:${id}` },
      orderBy: { id: 'asc' },
    });
    expect(actions.map(({ action }) => action)).toEqual(['worker.drain', 'worker.undrain']);
    await expect(drainWorker(viewer, id)).rejects.toThrow(NotAllowed);
    await expect(undrainWorker(viewer, id)).rejects.toThrow(NotAllowed);
  });
});
