import type pg from 'pg';
import { insertAuditEntries } from '../audit/audit.sql.ts';
import { whoOf } from '../audit/who.ts';
import type { Actor } from '../auth/permissions.ts';
import { routeProblem } from '../check-route.ts';
import { isDatabaseAway } from '../database-away.ts';
import { type Sql, sqlOf, transaction } from '../db.ts';
import { judge, judgeDatabaseAway, judgeOtherSchema } from '../health/judge.ts';
import { readFigures } from '../health/read-figures.ts';
import type { HealthWords } from '../health/words.ts';
import { type Addresses, routeOf } from '../route.ts';
import type { Finding } from './finding.ts';
import { healthFindings } from './health-rules.ts';
import { damagedJobFindings, tickFindings } from './job-rules.ts';
import { ledgerFindings } from './ledger-rules.ts';
import { readLedgerFacts } from './ledger.sql.ts';
import { serverFindings } from './server-rules.ts';
import { readServerFacts } from './server.sql.ts';

export type Patient = {
  /** Past any pooler; its statements may take minutes. */
  pool: pg.Pool;
  addresses: Addresses;
  actor: Actor;
  words: HealthWords;
  freeBytes: () => Promise<number | null>;
};

/**
 * Everything that can be examined: where the database is away, or of another version, or the way to it isn't right, that
 * alone.
 * @param onStep what is looked at now, for whoever waits
 */
export async function examine(
  { pool, addresses, actor, words, freeBytes }: Patient,
  onStep: (step: string) => void = () => {},
): Promise<Finding[]> {
  const sql = sqlOf(pool);
  onStep('route');
  try {
    const problem = await routeProblem(addresses);
    if (problem !== null) return [{ check: 'route', level: 'error', ...problem }];
    onStep('health');
    const figures = await readFigures({ sql, freeBytes });
    if ('isOtherSchema' in figures) return healthFindings(judgeOtherSchema(figures), words);
    onStep('server');
    const server = serverFindings(await readServerFacts(sql), {
      workers: figures.workers.length,
      isPooled: routeOf(addresses).isPooled ?? false,
    });
    onStep('ledger');
    const ledger = ledgerFindings(await readLedgerFacts(sql));
    onStep('jobs');
    const jobs = await damagedJobFindings(sql);
    onStep('ticks');
    const ticks = await tickFindings(actor, sql);
    return [...healthFindings(judge(figures), words), ...server, ...ledger, ...jobs, ...ticks];
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return healthFindings(judgeDatabaseAway(), words);
  }
}

/**
 * Mends what is safe to mend, each in a transaction of its own with its entry in the audit trail.
 * @returns what was done, by finding; null where nothing was to be done any more
 */
export async function mendFinding(
  { pool, actor }: Pick<Patient, 'pool' | 'actor'>,
  { check, says, mend }: Finding,
): Promise<string | null> {
  if (!mend) return null;
  return transaction(pool, async (sql: Sql) => {
    const done = await mend(sql);
    if (done === null) return null;
    await insertAuditEntries(sql, [
      {
        ...whoOf(actor),
        action: 'installation.mend',
        subject: 'installation',
        before: { [check]: says },
        after: { [check]: done },
        reason: '',
      },
    ]);
    return done;
  });
}
