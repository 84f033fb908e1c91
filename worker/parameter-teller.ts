import type pg from 'pg';
import { sqlOf } from '#core/db.ts';
import { readPresentRevisions } from '#core/jobs/revisions.sql.ts';
import type { Definitions } from './definitions.ts';
import type { Duty } from './duty.ts';
import type { Executor } from './executor.ts';

export type ParameterTellerConfig = {
  pool: pg.Pool;
  executor: Pick<Executor, 'told'>;
  definitions: Definitions;
  /** An edit is announced; this is how often it is looked for besides. */
  intervalMs: number;
};

/** Tells running commands that ask for it when their job's parameters were edited. */
export function createParameterTeller(config: ParameterTellerConfig): Duty {
  const { pool, executor, definitions, intervalMs } = config;
  const sql = sqlOf(pool);
  return { name: 'parameter-teller', intervalMs, runOnce };

  async function runOnce() {
    const told = executor.told();
    if (told.length === 0) return { counts: {} };
    const present = new Map(
      (await readPresentRevisions(sql, [...new Set(told.map(({ jobId }) => jobId))])).map(
        ({ jobId, revision }) => [jobId, revision],
      ),
    );
    const behind = told.flatMap((one) => {
      const revision = present.get(one.jobId) ?? 0;
      return revision > one.revision ? [{ one, jobId: one.jobId, revision }] : [];
    });
    if (behind.length === 0) return { counts: {} };
    const loaded = await definitions.load(behind);
    for (const [index, { one, revision }] of behind.entries()) one.hold(revision, loaded[index]!);
    return { counts: { told: behind.length } };
  }
}
