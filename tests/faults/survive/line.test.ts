import { isCommit, startProxy } from '#tests/support/proxy.ts';
import { until } from '#tests/support/wait.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { makeRun } from '#tests/support/runs.ts';
import { fault } from '../fault.ts';
import { atWork, goesOn, jobWithState, keptLeases } from '../unharmed.ts';

// By rules, or in one flight with what is asked after it.
const isClaim = (statement: string) =>
  statement.includes('WITH RECURSIVE room') || statement.includes('SELECT asked.name FROM unnest');
const locksQueues = (statement: string) => statement.includes('FOR NO KEY UPDATE OF q');
const listens = (statement: string) => statement.startsWith('LISTEN');

fault(9, { all: 6, quick: 1, minutes: 15 }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const proxy = await startProxy(world.db);
  const [worker] = await Promise.all([world.worker({}, proxy.url), world.worker()]);
  for (let round = 0; round < world.rounds; round++) {
    await atWork(world);
    const before = proxy.swallowed;
    const saidBefore = worker.log.length;
    await world.during(async () => {
      switch (round % 3) {
        case 0:
          // In the middle of a claim, with locks that the other worker needs.
          await proxy.goDeadAfter(locksQueues);
          break;
        case 1:
          // Every connection is dead while new ones can be made: it has to find out by itself.
          proxy.goDead();
          await answeredAgain(worker, saidBefore);
          break;
        default:
          // Nothing passes for longer than a lease, and what was open then is dead for good.
          proxy.set('swallow');
          await world.live(world.ms(90_000));
          proxy.goDead();
          proxy.set('open');
      }
    });
    await goesOn(world);
    if (proxy.swallowed === before) world.finds('no byte went nowhere');
  }
});

fault(10, { all: 60, quick: 5 }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const proxy = await startProxy(world.db);
  const workers = [await world.worker({}, proxy.url), await world.worker()];
  const lost = [
    (statement: string, before: string) => isCommit(statement, before) && isClaim(before),
    (statement: string) => statement.includes('INSERT INTO attempt'),
    (statement: string) => statement.includes('INSERT INTO log_chunk'),
    isCommit,
    // Between the claim and the start.
    (statement: string) => statement.includes('JOIN job_state'),
  ];
  for (let round = 0; round < world.rounds; round++) {
    await world.during(() => proxy.loseAnswerTo(lost[round % lost.length]!));
  }
  await goesOn(world);
  keptLeases(world, workers);
});

fault(11, { all: 10, quick: 2 }, async (world) => {
  await world.steadyJobs();
  const asked = await world.job({ overlap: 'allow' });
  const proxy = await startProxy(world.db);
  const worker = await world.worker({}, proxy.url);
  for (let round = 0; round < world.rounds; round++) {
    const saidBefore = worker.log.length;
    await world.during(async () => {
      if (proxy.goDead(listens) !== 1) world.finds('nobody listened');
      // Nobody hears of it; it starts at the next look, PUNCTUAL_POLL_MS later at the latest.
      const id = await makeRun(world.db, asked, { scheduledFor: new Date() });
      const since = Date.now();
      const start = await until(
        () => world.record().find(({ run, what }) => run === id && what === 'start'),
        { timeoutMs: 60_000, what: 'a run that nobody was told of' },
      );
      if (start.at - since > 12_000) world.finds(`it started after ${start.at - since} ms`);
    });
    await answeredAgain(worker, saidBefore);
    if (proxy.living(listens) !== 1) world.finds('nobody listens again');
  }
  keptLeases(world, [worker]);
});

/** The listener's connection is the heartbeat's too: it stands again, and the lease has been renewed on it. */
const answeredAgain = ({ log }: TestWorker, saidBefore: number) =>
  until(() => log.slice(saidBefore).some(({ msg }) => msg === 'heartbeat is answered again'), {
    timeoutMs: 60_000,
    what: 'a heartbeat that is answered',
  });

fault(14, { all: 1 }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const proxy = await startProxy(world.db);
  const workers = await Promise.all([world.worker({}, proxy.url), world.worker({}, proxy.url)]);
  await world.during(async () => {
    proxy.delay(250);
    await world.live(world.ms(120_000));
    proxy.delay(0);
  });
  await goesOn(world);
  keptLeases(world, workers);
});
