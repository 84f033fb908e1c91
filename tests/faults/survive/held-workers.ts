import pg from 'pg';
import { until } from '#tests/support/wait.ts';
import type { World } from '../world.ts';

/** Where a worker can be held, by the statement that it is in. */
const POINTS = {
  /** A planner, once its first tick is inserted. */
  ticks: `AFTER INSERT ON run_live FOR EACH ROW WHEN (NEW.trigger = 'tick')`,
  /** A planner that has done both halves, when its commit has arrived. */
  'plan commit': 'AFTER UPDATE OF planned_until ON job DEFERRABLE INITIALLY DEFERRED FOR EACH ROW',
  /** A claimer, which holds its queues and has taken its first run. */
  claim: `AFTER UPDATE OF worker_id ON run_live FOR EACH ROW WHEN (NEW.state = 'running')`,
};

type Point = keyof typeof POINTS;

/** Holds a worker at a point until `meanwhile` is over; then its statement goes on. */
export type Hold = (victim: Victim, at: Point, meanwhile: () => Promise<void>) => Promise<void>;

/** A worker by its number: PUNCTUAL_WORKER_NAME is `victim-<number>`. */
export type Victim = number;

/** Lets workers of a world be held inside of their statements: by triggers that wait for a lock of the test's. */
export async function holdWorkers(world: World): Promise<Hold> {
  await world.db.sql(`
    CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE victim text := substring(current_setting('application_name') FROM '^punctual-worker victim-([0-9]+)$');
    BEGIN
      IF victim IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::int, victim::int);
      END IF;
      RETURN NULL;
    END $$`);
  const points = Object.keys(POINTS) as Point[];
  for (const [index, point] of points.entries()) {
    const kind = point === 'plan commit' ? 'CONSTRAINT TRIGGER' : 'TRIGGER';
    await world.db.sql(
      `CREATE ${kind} hold_${index} ${POINTS[point]} EXECUTE FUNCTION wait_for_the_test(${index})`,
    );
  }
  return async (victim, at, meanwhile) => {
    const holder = new pg.Client({ connectionString: world.db.url });
    await holder.connect();
    const lock = [points.indexOf(at), victim];
    await holder.query('SELECT pg_advisory_lock($1, $2)', lock);
    try {
      await until(
        async () => {
          const waiting = await world.db.sql(
            `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = $1 AND objid = $2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
            lock,
          );
          return waiting.length > 0;
        },
        { timeoutMs: 60_000, what: `worker ${victim} to be held at its ${at}` },
      );
      await meanwhile();
    } finally {
      await holder.end();
    }
  };
}
