import type { Sql } from '../db.ts';

// Less than that is read in a moment by any plan.
const FEW_ROWS = 1_000;
const FEW_PAGES = 50;

/**
 * Renews the statistics of the live partition where it holds more than twice what they say: every session then plans its
 * statements anew. Autovacuum would do it a minute later, and a plan for an almost empty table takes seconds meanwhile.
 *
 * @returns whether they were renewed; another process that is at it is left to it
 */
export async function renewOutgrownStatistics(sql: Sql): Promise<boolean> {
  const [found] = await sql<{ isOutgrown: boolean }>(
    `SELECT ${STATISTICS_OUTGROWN} AS "isOutgrown"`,
  );
  if (!found!.isOutgrown) return false;
  await sql('ANALYZE (SKIP_LOCKED) run_live');
  return true;
}

// What a transaction adds shows in the size at once, and in the count of rows when it is committed, at times 10 s later.
export const STATISTICS_OUTGROWN = `
EXISTS (SELECT FROM pg_class c
         WHERE c.oid = 'run_live'::regclass
           AND (pg_stat_get_live_tuples(c.oid) > 2 * greatest(c.reltuples, 0) + ${FEW_ROWS}
             OR pg_relation_size(c.oid) / current_setting('block_size')::int > 2 * c.relpages + ${FEW_PAGES}))`;
