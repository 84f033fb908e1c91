import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { forgetMostMemory, mostMemory } from '#tests/support/memory.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import { recordingHead } from '../outside/record.ts';
import type { World } from '../world.ts';
import { type Endpoint, NAMES, openEndpoints } from './endpoints.ts';

const MB = 1_000_000;

type EndedRun = {
  id: number;
  state: string;
  cause: string | null;
  attempt: number;
  bytes: number;
  text: string;
};

const FLOODS = [
  { what: 'lines', script: 'yes "a line of some length, over and over again"' },
  { what: 'NUL bytes without a line end', script: 'cat /dev/zero' },
  { what: 'broken UTF-8', script: "tr '\\000' '\\303' < /dev/zero" },
  { what: 'line ends', script: "tr '\\000' '\\n' < /dev/zero" },
  { what: 'carriage returns', script: "tr '\\000' '\\r' < /dev/zero" },
];

// Five gigabytes a round take too long for the short set, which has tests/faults/floods.test.ts.
fault(30, { all: 2, minutes: 30 }, async (world) => {
  await world.steadyJobs();
  const worker = await world.worker();
  const jobs: { what: string; job: TestJob }[] = [];
  for (const { what, script } of [...FLOODS, { what: 'CONTROL', script: 'yes "5 MB are kept"' }]) {
    const bytes = what === 'CONTROL' ? 5 * MB : 1_000 * MB;
    const flood = `${script} | head -c ${bytes}; echo; echo "the very last line"; rec end`;
    const job = await world.job({
      script: `${recordingHead(world.recordFile)}\nrec start\n${flood}`,
      overlap: 'allow',
      timeoutMs: 900_000,
    });
    jobs.push({ what, job });
  }
  await world.live(1_000);
  forgetMostMemory(worker.pid);
  const before = mostMemory(worker.pid);
  for (let round = 0; round < world.rounds; round++) {
    const runs = await world.during(() => runAll(world, jobs));
    for (const [index, run] of runs.entries()) {
      const { what } = jobs[index]!;
      if (run.state !== 'succeeded') world.finds(`${what}: ${run.state}, ${run.cause}`);
      if (!run.text.endsWith('the very last line\n')) world.finds(`${what}: its end is not kept`);
      if (run.bytes > 13 * MB) world.finds(`${what}: ${run.bytes} bytes are stored`);
      const isCut = /\nn\S+ The log has reached 8\.0 MB/.test(run.text);
      const says = /\nn\S+ [\d,]+ lines? \([\d,.]+ [MG]B\) were dropped here\./.test(run.text);
      if (what === 'CONTROL' ? isCut || run.bytes < 5 * MB : !isCut || !says) {
        world.finds(
          `${what}: what was dropped is ${isCut ? '' : 'not '}cut, ${says ? '' : 'not '}told`,
        );
      }
    }
  }
  const grewBy = mostMemory(worker.pid) - before;
  world.notes.push(`the worker grew by ${Math.round(grewBy / MB)} MB at most`);
  // Of all floods at once.
  if (grewBy > 800 * MB) world.finds(`its worker grew by ${grewBy} bytes`);
  if (worker.errors() !== '') world.finds(worker.errors());
});

fault(31, { all: 6, quick: 1, minutes: 10 }, async (world) => {
  await world.steadyJobs();
  const endpoints = await openEndpoints();
  // What must end by itself has all the time.
  const timeoutOf = (state: Endpoint['state']) =>
    state === 'timed_out' ? world.ms(30_000) : 90_000;
  const jobs = await Promise.all(
    endpoints.all.map(async ({ what, address, state, maxRedirects = 0 }) => ({
      what,
      job: await makeJob(world.db, {
        work: { kind: 'http', url: address, maxRedirects },
        timeoutMs: timeoutOf(state),
        overlap: 'allow',
      }),
    })),
  );
  const worker = await world.worker({
    PUNCTUAL_HTTP_ALLOW: endpoints.servers.map(({ port }) => `127.0.0.1:${port}`).join(),
    PUNCTUAL_TEST_NAMES: JSON.stringify(NAMES),
    NODE_OPTIONS: `--import ${pathToFileURL(path.resolve('tests/support/names-process.ts')).href}`,
  });
  await world.live(1_000);
  forgetMostMemory(worker.pid);
  const before = mostMemory(worker.pid);
  for (let round = 0; round < world.rounds; round++) {
    const runs = await world.during(() => runAll(world, jobs));
    for (const [index, run] of runs.entries()) judge(world, endpoints.all[index]!, run);
  }
  if (endpoints.innerVisits() > 0) world.finds('the guard let somebody through');
  for (const what of endpoints.unasked()) world.finds(`nobody came to the one that ${what}`);
  await until(() => endpoints.servers.every(({ connections }) => connections.size === 0), {
    what: 'the end of all connections',
  }).catch((error: Error) => world.finds(error.message));
  const grewBy = mostMemory(worker.pid) - before;
  world.notes.push(`the worker grew by ${Math.round(grewBy / MB)} MB at most`);
  if (grewBy > 300 * MB) world.finds(`its worker grew by ${grewBy} bytes`);
  if (worker.errors() !== '') world.finds(worker.errors());
});

function judge(world: World, { what, state, cause, isCut }: Endpoint, run: EndedRun): void {
  const isRight = run.state === state && cause.test(run.cause ?? '') && run.attempt === 1;
  if (!isRight) world.finds(`of the one that ${what} a run is ${run.state}: ${run.cause}`);
  // A NUL that can't be stored takes the room of its substitute.
  if (run.bytes > 3.1 * MB) world.finds(`of the one that ${what} ${run.bytes} bytes are stored`);
  if (/latest\/meta-data|inside$/m.test(run.text.replaceAll(/^n.*$/gm, ''))) {
    world.finds(`of the one that ${what} an inner answer is stored`);
  }
  if (isCut && !run.text.includes('Only the first 1 MB of the body was read.')) {
    world.finds(`of the one that ${what} nothing says that it was cut`);
  }
}

/** A run of each at once, to their ends. */
async function runAll(world: World, jobs: readonly { job: TestJob }[]): Promise<EndedRun[]> {
  const ids = await Promise.all(jobs.map(({ job }) => makeRun(world.db, job)));
  await until(
    async () => {
      const live = await world.db.sql('SELECT FROM run WHERE is_live AND id = ANY ($1)', [ids]);
      return live.length === 0;
    },
    { timeoutMs: 600_000, everyMs: 200, what: 'the end of all of them' },
  );
  const rows = await world.db.sql<EndedRun>(
    `SELECT r.id, r.state, r.cause, r.attempt, coalesce(l.bytes, 0)::int AS bytes, coalesce(l.text, '') AS text
       FROM run r LEFT JOIN LATERAL (
         SELECT sum(octet_length(body)) AS bytes, string_agg(body, '' ORDER BY seq) AS text
           FROM log_chunk WHERE run_id = r.id) l ON true
      WHERE r.id = ANY ($1)`,
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === id)!);
}
