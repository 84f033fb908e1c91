import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { claimFor, emptyLedger, makeRun, makeWorker } from '#tests/support/runs.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const MINUTE = 60_000;
const START = Math.floor(Date.now() / 3_600_000 - 3) * 3_600_000;

/** What happens next to a job whose runs may stand side by side. */
type Step =
  | { what: 'start'; minute: number; as: 'tick' | 'backfill' | 'manual' | 'apart' | 'test' }
  | { what: 'end'; which: number; outcome: 'succeeded' | 'failed' | 'again'; leaves: boolean }
  | { what: 'edit' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('start' as const),
      minute: fc.integer({ min: 0, max: 30 }),
      as: fc.constantFrom('tick', 'backfill', 'manual', 'apart', 'test'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('end' as const),
      which: fc.nat({ max: 20 }),
      outcome: fc.constantFrom('succeeded', 'succeeded', 'failed', 'again'),
      leaves: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'edit' as const }) },
);

test('every run begins at the last success before its tick, and the state is the latest tick’s, whatever the order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), play), {
    numRuns: 40,
  });
}, 120_000);

/** Plays it against the database and holds each claim against a list of all successes. */
async function play(steps: readonly Step[]): Promise<void> {
  await emptyLedger(db);
  const job = await makeJob(db, { overlap: 'allow' });
  const worker = await makeWorker(db);
  const succeeded: number[] = [];
  const running: (ClaimedRun & { tick: number })[] = [];
  const ticks = new Set<number>();
  let state = { version: 0, body: '', editedAt: 0 };

  const claimed = async () => {
    for (const run of await claimFor(db, worker)) {
      const tick = run.coversTo.getTime();
      const before = succeeded.filter((at) => at < tick);
      expect(run.coversFrom?.getTime() ?? null).toBe(
        before.length > 0 ? Math.max(...before) : null,
      );
      expect(run.stateVersion).toBe(state.version);
      running.push({ ...run, tick });
    }
  };

  for (const one of steps) {
    if (one.what === 'start') {
      const at = START + one.minute * MINUTE;
      // A tick has one run.
      if (one.as === 'tick' && ticks.has(at)) continue;
      if (one.as === 'tick') ticks.add(at);
      const id = await makeRun(db, job, {
        trigger: one.as === 'tick' || one.as === 'test' ? one.as : 'manual',
        scheduledFor: new Date(one.as === 'backfill' ? START + 100 * MINUTE : at),
      });
      if (one.as === 'backfill') {
        await db.sql('UPDATE run SET for_tick = $2 WHERE id = $1', [id, new Date(at)]);
      }
      if (one.as === 'apart') await db.sql('UPDATE run SET covers = false WHERE id = $1', [id]);
      await claimed();
    } else if (one.what === 'end') {
      const [run] = running.splice(one.which % Math.max(1, running.length), 1);
      if (!run) continue;
      // A test isn't tried again.
      const isAgain = one.outcome === 'again' && run.trigger !== 'test';
      const body = `left by ${run.id} at ${run.attempt}`;
      await finishAttemptsIfStillOwned(db.sql, [
        endedAttempt(run, {
          outcome: one.outcome === 'again' ? 'failed' : one.outcome,
          ...(isAgain ? { retryAt: new Date(Date.now() - 1_000), retryRule: 'backoff' } : {}),
          ...(one.leaves ? { newState: { body, given: run.stateVersion } } : {}),
        }),
      ]);
      if (one.outcome === 'succeeded' && run.covers) {
        const isLatest = run.tick >= Math.max(-Infinity, ...succeeded);
        succeeded.push(run.tick);
        if (isLatest && one.leaves && run.stateVersion >= state.editedAt) {
          state = { ...state, version: state.version + 1, body };
        }
      }
      if (isAgain) await claimed();
    } else {
      const version = state.version + 1;
      state = { version, body: `edited ${version}`, editedAt: version };
      await db.sql(
        `WITH moved AS (
           INSERT INTO job_progress AS p (job_id, state_version, edited_version) VALUES ($1, 1, 1)
           ON CONFLICT (job_id) DO UPDATE SET state_version = $2, edited_version = $2)
         INSERT INTO job_state (job_id, version, body, written_by) VALUES ($1, $2::int, $3, 'Test')`,
        [job.id, version, state.body],
      );
    }
  }
  const [kept] = await db.sql<{ version: number; body: string }>(
    'SELECT version, body FROM job_state WHERE job_id = $1 ORDER BY version DESC LIMIT 1',
    [job.id],
  );
  expect(kept ?? { version: 0, body: '' }).toEqual({ version: state.version, body: state.body });
}
