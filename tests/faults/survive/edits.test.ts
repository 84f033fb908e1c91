import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import type { TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { until } from '#tests/support/wait.ts';
import { admin } from '#tests/support/web.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';
import { startLongRun } from './rounds.ts';
import { connectUseCases } from './use-cases.ts';

const LONG = { overlap: 'queue_all', mayRunTwice: false, beats: 12 } as const;

fault(33, { all: 30, quick: 3, minutes: 15 }, async (world) => {
  connectUseCases(world);
  await world.steadyJobs();
  const edited = await editedJob(world);
  const paused = await world.job({ ...LONG, everySeconds: 2 });
  await Promise.all([world.worker(), world.worker()]);
  for (let round = 0; round < world.rounds; round++) {
    const isCancelling = round % 2 === 1;
    await world.during(() =>
      Promise.all([
        whileRunning(world, edited.job).then(edited.edit),
        whileRunning(world, paused).then(() => pauseAndResume(world, paused, isCancelling)),
        deleteOne(world, isCancelling),
        cancelOne(world),
      ]),
    );
  }
});

/** A job that fires every 2 s and every 3 s by turns, and the seconds at which it should have. */
async function editedJob(world: World) {
  const reigns: { until: number; seconds: number }[] = [];
  let revision = 1;
  const secondsNow = () => (revision % 2 === 1 ? 2 : 3);
  const job = await world.job({
    ...LONG,
    schedule: {
      is: interval(2),
      timeZone: 'UTC',
      fires: ({ at }) => {
        const reign = reigns.find((one) => at <= one.until);
        return (at / 1_000) % (reign?.seconds ?? secondsNow()) === 0;
      },
    },
  });
  const edit = async () => {
    const askedAt = Date.now();
    const seconds = secondsNow();
    const schedule = interval(seconds === 2 ? 3 : 2);
    const basedOnRevision = revision;
    const definition = { ...job.definition, schedule };
    valueOf(await editJob(admin, { jobId: job.id, basedOnRevision, note: '', definition }));
    revision += 1;
    const [saved] = await world.db.sql<{ at: Date }>(
      'SELECT created_at AS at FROM revision WHERE job_id = $1 AND number = $2',
      [job.id, revision],
    );
    // The instant is the product's to say, but lies between the question and the answer.
    const at = saved!.at.getTime();
    if (at < askedAt - 50 || at > Date.now() + 50) world.finds('an edit counts from another time');
    reigns.push({ until: at, seconds });
  };
  return { job, edit };
}

const interval = (seconds: number) =>
  ({
    type: 'interval',
    everyMs: seconds * 1_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'UTC',
  }) as const;

/** Until a run of the job is in the middle of its work. */
const whileRunning = (world: World, { key }: TestJob) => {
  const before = world.record().length;
  return until(
    () =>
      world
        .record()
        .slice(before)
        .some(({ job, what }) => job === key && what === 'beat'),
    { timeoutMs: 30_000, everyMs: 10, what: `a run of ${key}` },
  );
};

async function pauseAndResume(world: World, { id, key }: TestJob, cancelRunning: boolean) {
  valueOf(await pauseJobs(admin, { jobIds: [id], reason: 'Test', cancelRunning }));
  const pausedAt = Date.now();
  // Longer than two of its ticks, and what waited for the run to end is held.
  await world.live(4_500);
  const resumedAt = Date.now();
  valueOf(await resumeJobs(admin, { jobIds: [id] }));
  const began = world
    .record()
    .filter(({ job, what, told }) => job === key && what === 'start' && told > pausedAt)
    .filter(({ at }) => at < resumedAt);
  if (began.length > 0) world.finds(`${began.length} ticks of a pause began in it`);
}

/** Deletes a job in the middle of a run, which goes on to its end unless it is cancelled. */
async function deleteOne(world: World, cancelRunning: boolean): Promise<void> {
  let deletedAt = Infinity;
  const job = await world.job({
    ...LONG,
    schedule: {
      is: interval(1),
      timeZone: 'UTC',
      fires: ({ at }) => at < deletedAt,
    },
  });
  await whileRunning(world, job);
  valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key, cancelRunning }));
  const [row] = await world.db.sql<{ at: Date }>('SELECT deleted_at AS at FROM job WHERE id = $1', [
    job.id,
  ]);
  deletedAt = row!.at.getTime();
  await noneLives(world, job.id);
  const states = await world.db.sql<{ state: string }>(
    `SELECT DISTINCT state FROM run WHERE job_id = $1 AND attempt > 0 AND state NOT IN ('succeeded', 'cancelled')`,
    [job.id],
  );
  if (states.length > 0) world.finds(`runs of a deleted job are ${JSON.stringify(states)}`);
  const known = world.record().length;
  await world.live(1_500);
  const later = world
    .record()
    .slice(known)
    .filter((line) => line.job === job.key);
  if (later.length > 0) world.finds(`a deleted job ran: ${JSON.stringify(later[0])}`);
}

async function noneLives(world: World, jobId: number): Promise<void> {
  await until(
    async () =>
      (await world.db.sql('SELECT FROM run_live WHERE job_id = $1', [jobId])).length === 0,
    { timeoutMs: 60_000, what: 'the end of the runs' },
  );
}

/** Cancels a run in the middle of its work: it and its processes are over when the ledger says so. */
async function cancelOne(world: World): Promise<void> {
  const { run, job } = await startLongRun(world);
  valueOf(await cancelRuns(admin, { runIds: [run] }));
  await noneLives(world, job.id);
  const linesOf = () => world.record().filter((line) => line.run === run).length;
  const lines = linesOf();
  const [row] = await world.db.sql<{ state: string; cause: string }>(
    'SELECT state, cause FROM run WHERE id = $1',
    [run],
  );
  if (row?.state !== 'cancelled') world.finds(`a cancelled run is ${JSON.stringify(row)}`);
  await world.live(500);
  if (linesOf() > lines) world.finds('a cancelled run went on after its end');
}
