import type pg from 'pg';
import type { Logger } from 'pino';
import { mayPass } from '#core/database-away.ts';
import { once, sqlOf } from '#core/db.ts';
import { readStateBodies, type StateRef } from '#core/job-state/given-states.sql.ts';

export type GivenStates = {
  /**
   * In the order of the runs: what each is given, empty where its job keeps nothing; null where it can't be read.
   *
   * @throws what the database says, where it may give them later
   */
  load(runs: readonly StateRef[]): Promise<(string | null)[]>;
};

/** Asks only for the runs whose job keeps a state; the claim says which. */
export function createGivenStates({
  pool,
  logger,
}: {
  pool: pg.Pool;
  logger: Logger;
}): GivenStates {
  const sql = sqlOf(pool);
  return {
    async load(runs) {
      const kept = runs.filter(({ stateVersion }) => stateVersion > 0);
      const bodies = new Map<string, string>();
      try {
        const rows = kept.length === 0 ? [] : await once(() => readStateBodies(sql, kept));
        for (const { jobId, version, body } of rows) bodies.set(`${jobId}.${version}`, body);
      } catch (error) {
        if (mayPass(error)) throw error;
        logger.error({ err: error }, 'the states of jobs could not be read');
      }
      return runs.map(({ jobId, stateVersion }) =>
        stateVersion === 0 ? '' : (bodies.get(`${jobId}.${stateVersion}`) ?? null),
      );
    },
  };
}
