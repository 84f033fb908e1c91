import pg from 'pg';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';
import { inPairs } from './rounds.ts';

fault(4, { all: 40, quick: 2 }, async (world) => {
  await world.steadyJobs();
  const isHeld = await holdPlanners(world);
  // Look ahead for a moment only, so that something is to be planned each second.
  const ahead = { PUNCTUAL_PLAN_AHEAD_MS: '2000' };
  await world.worker(ahead);
  await inPairs(world.rounds, async (round) => {
    const name = `victim-${round}`;
    const worker = await world.worker({ ...ahead, PUNCTUAL_WORKER_NAME: name });
    await world.during(() =>
      isHeld(name, round % 2 === 0 ? 'ticks' : 'commit', async () => {
        await worker.kill();
      }),
    );
  });
});

/**
 * Makes planners stop between their two halves: `ticks` once the first tick is inserted, `commit` when both are done and
 * the commit has arrived. The function that it gives has the planner of one worker held there, while `meanwhile` happens.
 */
async function holdPlanners(world: World) {
  // The name of the worker whose planner waits stands in its session; others pass.
  await world.db.sql(`
    CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::int, substring(
        current_setting('application_name') FROM '^punctual-worker victim-([0-9]+)$')::int)
        WHERE current_setting('application_name') ~ '^punctual-worker victim-[0-9]+$';
      RETURN NULL;
    END $$`);
  await world.db.sql(
    `CREATE TRIGGER hold_ticks AFTER INSERT ON run_live FOR EACH ROW WHEN (NEW.trigger = 'tick')
       EXECUTE FUNCTION wait_for_the_test(${LOCKS.ticks})`,
  );
  await world.db.sql(
    `CREATE CONSTRAINT TRIGGER hold_commit AFTER UPDATE OF planned_until ON job DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION wait_for_the_test(${LOCKS.commit})`,
  );
  return async (
    name: string,
    at: keyof typeof LOCKS,
    meanwhile: () => Promise<void>,
  ): Promise<void> => {
    const holder = new pg.Client({ connectionString: world.db.url });
    await holder.connect();
    const lock = [LOCKS[at], Number(name.split('-')[1])];
    await holder.query('SELECT pg_advisory_lock($1, $2)', lock);
    try {
      await until(
        () =>
          world.db
            .sql(
              `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = $1 AND objid = $2
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
              lock,
            )
            .then(({ length }) => length > 0),
        { timeoutMs: 30_000, what: 'the planner to be held' },
      );
      await meanwhile();
    } finally {
      await holder.end();
    }
  };
}

const LOCKS = { ticks: 4_001, commit: 4_002 };
