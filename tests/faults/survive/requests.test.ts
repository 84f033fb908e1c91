import type { OverlapRule } from '#core/jobs/definition.ts';
import { retryRuns } from '#core/runs/retry-by-hand.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import type { TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin } from '#tests/support/web.ts';
import { fault } from '../fault.ts';
import { type Entry, recordingScript } from '../outside/record.ts';
import type { World } from '../world.ts';
import { connectUseCases } from './use-cases.ts';

type Rule = { overlap: OverlapRule; maxParallel?: number; everySeconds: number };

// A run takes two seconds and more, with its second attempt: where each has its turn they come more slowly.
const RULES: Rule[] = [
  { overlap: 'skip', everySeconds: 2 },
  { overlap: 'queue_one', everySeconds: 2 },
  { overlap: 'queue_all', everySeconds: 16 },
  { overlap: 'cancel_previous', everySeconds: 2 },
  { overlap: 'allow', maxParallel: 2, everySeconds: 8 },
];

fault(34, { all: 60 }, async (world) => {
  connectUseCases(world);
  await world.steadyJobs();
  // Each first attempt fails, and the next one is due when the next tick is.
  const script = `${recordingScript(world.recordFile, { beats: 2 })}
[ $PUNCTUAL_ATTEMPT -gt 1 ]`;
  const retry = { backoff: 'fixed', delayMs: 1_700, maxAttempts: 2 } as const;
  const jobs = await Promise.all(
    RULES.map((rule) => world.job({ ...rule, mayRunTwice: true, retry, script })),
  );
  await Promise.all([world.worker(), world.worker(), world.worker()]);
  let requested = 0;
  await world.during(async () => {
    for (let round = 0; round < world.rounds; round++) {
      await untilTick(2);
      const second = Math.round(Date.now() / 1_000);
      const now = jobs.filter((_, index) => second % RULES[index]!.everySeconds === 0);
      const made = await Promise.all(now.map((job) => requestBoth(world, job)));
      requested += made.reduce((sum, count) => sum + count, 0);
    }
  });
  const rows = await world.db.sql(
    `SELECT FROM run r WHERE r.job_id = ANY ($1) AND r.trigger IN ('manual', 'retry')`,
    [jobs.map(({ id }) => id)],
  );
  if (rows.length !== requested) {
    world.finds(`${requested} runs were asked for, and ${rows.length} are there`);
  }
  const tried = await world.db.sql(
    `SELECT FROM attempt a JOIN run r ON r.id = a.run_id WHERE r.job_id = ANY ($1) AND a.number = 2`,
    [jobs.map(({ id }) => id)],
  );
  if (tried.length === 0) world.finds('nothing was tried a second time');
  const parallel = world.record().filter(({ job }) => job === jobs.at(-1)!.key);
  const most = mostAtOnce(parallel);
  if (most > 2) world.finds(`${most} runs of a job lived at once that allows 2`);
});

/** A request and a retry by hand of one job, at once; how many runs they made. */
async function requestBoth(world: World, { id }: TestJob): Promise<number> {
  const [ended] = await world.db.sql<{ id: number }>(
    `SELECT id FROM run WHERE job_id = $1 AND NOT is_live AND state <> 'skipped' ORDER BY id DESC LIMIT 1`,
    [id],
  );
  const [, retried] = await Promise.all([
    triggerJob(admin, { jobId: id }).then(valueOf),
    ended && retryRuns(admin, { runIds: [ended.id] }).then(valueOf),
  ]);
  return 1 + (retried?.runIds.length ?? 0);
}

/** Until a moment before the next full two seconds or so, by chance a little later. */
function untilTick(seconds: number): Promise<void> {
  const every = seconds * 1_000;
  const ms = every - (Date.now() % every) - 30 + Math.random() * 40;
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The most attempts that were alive at one moment, from the first line of each to its last. */
function mostAtOnce(record: readonly Entry[]): number {
  const nameOf = ({ run, attempt }: Entry) => `${run}/${attempt}`;
  const last = new Map(record.map((entry, index) => [nameOf(entry), index]));
  const alive = new Set<string>();
  let most = 0;
  record.forEach((entry, index) => {
    alive.add(nameOf(entry));
    most = Math.max(most, alive.size);
    if (last.get(nameOf(entry)) === index) alive.delete(nameOf(entry));
  });
  return most;
}
