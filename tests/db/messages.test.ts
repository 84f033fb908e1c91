import { beforeEach, describe, expect, test } from 'vitest';
import type { Incident } from '#core/incidents/incident.ts';
import type { AttemptOutcome } from '#core/runs/states.ts';
import { makeChannel, receiver, tellByDefault, testMessenger } from '#tests/support/channels.ts';
import { type ClaimingWorker, claimingWorker } from '#tests/support/claiming.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { emptyLedger, makeRun } from '#tests/support/runs.ts';
import { webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
let worker: ClaimingWorker;
beforeEach(async () => {
  await emptyLedger(web.db());
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  await web.db().sql('TRUNCATE message, incident, channel');
  worker = await claimingWorker(web.db());
});

async function run(job: TestJob, ...outcomes: AttemptOutcome[]): Promise<number[]> {
  const ids = [];
  for (const outcome of outcomes) {
    ids.push(await makeRun(web.db(), job));
    const [started] = await worker.look();
    await worker.finish(started!, outcome);
  }
  return ids;
}

const incidents = () =>
  web.db().sql<Incident & { toldAt: Date | null }>(
    `SELECT job_id AS "jobId", kind, runs, missed, ended_at AS "endedAt", ended_by_run AS "endedByRun",
            first_run_id AS "firstRunId", last_run_id AS "lastRunId" FROM incident ORDER BY id`,
  );
const messages = () =>
  web
    .db()
    .sql<{ event: string; state: string; attempts: number; channel: string }>(
      'SELECT channel, event, state, attempts FROM message ORDER BY id',
    );
const eventsOf = (received: { body: string }[]) =>
  received.map(({ body }) => (JSON.parse(body) as { event: string }).event);

describe('one problem', () => {
  test('of 500 failures is one message, and one when it is over', async () => {
    const to = await receiver();
    await makeChannel(web.db(), 'ops', to.origin);
    await tellByDefault(web.db(), ['ops']);
    const messenger = testMessenger(web.db());
    const job = await makeJob(web.db(), { key: 'nightly-backup', overlap: 'allow' });
    const ids: number[] = [];
    for (let n = 0; n < 500; n++) ids.push(await makeRun(web.db(), job));
    for (let left = 500; left > 0;) {
      const started = await worker.look();
      for (const one of started) await worker.finish(one, 'failed');
      await messenger.settle();
      left -= started.length;
    }
    expect(await incidents()).toMatchObject([{ kind: 'failed', runs: 500, endedAt: null }]);
    expect(eventsOf(to.received)).toEqual(['opened']);
    const [good] = await run(job, 'succeeded');
    await messenger.settle();
    expect(await incidents()).toMatchObject([{ runs: 500, endedByRun: good }]);
    expect(eventsOf(to.received)).toEqual(['opened', 'recovered']);
    expect(JSON.parse(to.received[1]!.body)).toMatchObject({
      title: 'nightly-backup works again',
      run: good,
      url: `https://punctual.example.org/runs/${good}`,
      incident: { runs: 500 },
    });
    await run(job, 'succeeded', 'succeeded');
    await messenger.settle();
    expect(to.received).toHaveLength(2);
  });
});
