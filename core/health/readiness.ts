import path from 'node:path';
import { readMigrationState } from '#prisma/migration-state.ts';
import { ANSWER_TIMEOUT_MS } from '../database-away.ts';
import { errorCode, type Sql } from '../db.ts';
import { countActiveWorkers, readPlannerLagMs } from './health.sql.ts';

/** One thing that must hold before Punctual can be relied on; `says` is a sentence without addresses or secrets. */
export type ReadinessCheck = { name: string; ok: boolean; says: string };
export type Readiness = { ready: boolean; checks: ReadinessCheck[] };

const MOST_PLANNER_LAG_MS = 30_000;

/**
 * Whether schedules are kept right now: the database answers, its migrations are this program's, a worker is alive, the
 * planner isn’t behind. Never throws, and answers within 10 s.
 */
export async function readReadiness(sql: Sql): Promise<Readiness> {
  const database = await checkDatabase(sql);
  const rest = database.ok
    ? await Promise.all([
        check('migrations', sql, checkMigrations),
        check('worker', sql, checkWorker),
        check('planner', sql, checkPlanner),
      ])
    : [];
  const checks = [database, ...rest];
  return { ready: checks.every((each) => each.ok), checks };
}

type Verdict = Omit<ReadinessCheck, 'name'>;

async function checkDatabase(sql: Sql): Promise<ReadinessCheck> {
  return check('database', sql, async () => {
    await sql('SELECT 1 AS one');
    return { ok: true, says: 'The database answers.' };
  });
}

async function checkMigrations(sql: Sql): Promise<Verdict> {
  const folder = path.join(/* turbopackIgnore: true */ process.cwd(), 'prisma/migrations');
  const found = await readMigrationState(sql, folder);
  switch (found.state) {
    case 'current':
      return { ok: true, says: 'The database has every migration of this version.' };
    case 'behind':
      return {
        ok: false,
        says: `The database lacks ${found.missing.join(', ')}. Run \`npm run db:migrate\`.`,
      };
    case 'newer':
      return {
        ok: false,
        says: `The database is newer than this program: it has ${found.unknown.join(', ')}. Start the newer version.`,
      };
  }
}

async function checkWorker(sql: Sql): Promise<Verdict> {
  const workers = await countActiveWorkers(sql);
  if (workers === 0) {
    return {
      ok: false,
      says: 'No worker is alive, so nothing starts. Start one: `npm run worker`.',
    };
  }
  return {
    ok: true,
    says: workers === 1 ? 'One worker is alive.' : `${workers} workers are alive.`,
  };
}

async function checkPlanner(sql: Sql): Promise<Verdict> {
  const lagMs = await readPlannerLagMs(sql);
  if (lagMs > MOST_PLANNER_LAG_MS) {
    return {
      ok: false,
      says: `The planner is ${Math.round(lagMs / 1000)} s behind: ticks that are due have no run yet.`,
    };
  }
  return { ok: true, says: 'Every tick that is due is planned.' };
}

async function check(
  name: string,
  sql: Sql,
  verdict: (sql: Sql) => Promise<Verdict>,
): Promise<ReadinessCheck> {
  const late = Promise.withResolvers<Verdict>();
  const timer = setTimeout(
    () => late.resolve({ ok: false, says: `No answer within ${ANSWER_TIMEOUT_MS / 1000} s.` }),
    ANSWER_TIMEOUT_MS,
  );
  try {
    return { name, ...(await Promise.race([verdict(sql), late.promise])) };
  } catch (error) {
    // The driver's message may hold an address or a user; its code doesn't.
    const code = errorCode(error);
    return { name, ok: false, says: `It can't be asked${code ? ` (${code})` : ''}.` };
  } finally {
    clearTimeout(timer);
  }
}
