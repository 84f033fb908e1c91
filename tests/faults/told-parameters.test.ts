import { expect, it } from 'vitest';
import { editJob } from '#core/jobs/edit-job.ts';
import type { JobDefinition } from '#core/jobs/definition.ts';
import { readLog } from '#core/logs/logs.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker } from '#tests/support/worker.ts';

const web = webDatabase();

const parameters = (rate: number): JobDefinition['parameters'] => [
  { name: 'rate', type: 'number', description: '', default: rate, choices: [], isSensitive: false },
];

/** Copies the file of parameters to the log at each SIGHUP, until the rate is 3. */
const LISTENER = `show() {
  tr -d ' \\n' < "$PUNCTUAL_PARAMETERS_FILE"; echo
  grep -q '"rate": 3' "$PUNCTUAL_PARAMETERS_FILE" && exit 0
}
trap show HUP
show
while :; do sleep 0.05; done`;

async function linesOf(runId: number): Promise<string[]> {
  const page = valueOf(await readLog(admin, { runId, at: { from: 'tail' } }));
  return page.pieces.map(({ text }) => text);
}

it('a running command hears of edited parameters, and the log says which revision it was', async () => {
  const db = web.db();
  const job = await makeJob(db, {
    work: { kind: 'script', text: LISTENER },
    parameters: parameters(1),
    tellParameters: true,
  });
  // The same, not told: it goes on undisturbed, or SIGHUP would end it.
  const untold = await makeJob(db, {
    work: { kind: 'script', text: 'while :; do sleep 0.05; done' },
    parameters: parameters(1),
  });
  const run = await makeRun(db, job);
  const other = await makeRun(db, untold);
  await startWorker(db);
  await until(async () => (await linesOf(run)).includes('{"rate":1}'), {
    what: 'the first parameters',
  });
  const save = async (one: typeof job, basedOnRevision: number, rate: number) =>
    valueOf(
      await editJob(admin, {
        jobId: one.id,
        basedOnRevision,
        note: '',
        definition: { ...one.definition, parameters: parameters(rate) },
      }),
    );
  await save(untold, 1, 2);
  await save(job, 1, 2);
  await until(async () => (await linesOf(run)).includes('{"rate":2}'), { what: 'the next' });
  await save(job, 2, 3);
  await until(async () => (await readLedger(db, [run]))[0]?.state === 'succeeded', {
    what: 'the run to end',
  });
  const lines = await linesOf(run);
  expect(lines.filter((line) => line.startsWith('{'))).toEqual([
    '{"rate":1}',
    '{"rate":2}',
    '{"rate":3}',
  ]);
  expect(lines.filter((line) => line.includes('SIGHUP'))).toEqual([
    'The parameters of revision 2 were given, SIGHUP sent.',
    'The parameters of revision 3 were given, SIGHUP sent.',
  ]);
  expect((await readLedger(db, [other]))[0]?.state).toBe('running');
}, 60_000);
