import type { Logger } from 'pino';
import { Clock } from '#core/clock.ts';
import type { Room } from '#core/runs/claim.sql.ts';
import type { AttemptOutcome } from '#core/runs/states.ts';
import { watchOf } from '#core/runs/watch.ts';
import type { StartedRun } from '#worker/started-run.ts';
import { createClaimer } from '#worker/claimer.ts';
import { createDefinitions } from '#worker/definitions.ts';
import { createFinisher } from '#worker/finisher.ts';
import { createLimiter } from '#worker/limiter.ts';
import { endedAttempt } from './attempts.ts';
import type { TestDatabase } from './database.ts';
import { silent } from './planning.ts';
import { makeWorker } from './runs.ts';

/** A worker's own duties between a due run and its recorded end; what runs ends when the test says. */
export type ClaimingWorker = {
  workerId: number;
  /** Limits and claims as often as there is something to claim; what it started. */
  look(): Promise<StartedRun[]>;
  /** How long the claimer's last pass would have slept. */
  sleepsMs(): number;
  finish(run: StartedRun, outcome: AttemptOutcome, retryAt?: Date): Promise<void>;
};

type ClaimingOptions = {
  name?: string;
  queues?: readonly string[];
  slots?: number;
  ahead?: Omit<Room, 'slots'>;
  logger?: Logger;
};

export async function claimingWorker(
  db: TestDatabase,
  { name = 'w-test', queues = [], slots = 100, ahead = {}, logger = silent }: ClaimingOptions = {},
): Promise<ClaimingWorker> {
  const workerId = await makeWorker(db, { name });
  const clock = new Clock();
  const definitions = createDefinitions({ pool: db.pool });
  const started: StartedRun[] = [];
  let nextInMs = 0;
  const claimer = createClaimer({
    pool: db.pool,
    clock,
    identity: { workerId, name, installation: '', isDraining: false },
    queues,
    kinds: [],
    labels: {},
    jobsBeyond: () => [],
    pollMs: 60_000,
    leaseMs: 60_000,
    limit: createLimiter({ pool: db.pool, clock }).runOnce,
    strays: {
      suspect: () => {},
      isSuspected: false,
      giveBackSuspected: () => Promise.resolve(),
    },
    logger,
    room: () => ({ slots, ...ahead }),
    start: (runs) => started.push(...runs),
  });
  const finisher = createFinisher({
    pool: db.pool,
    logger: silent,
    isCrowded: () => false,
    onRecorded: () => {},
  });
  return {
    workerId,
    async look() {
      do nextInMs = (await claimer.runOnce()).nextInMs ?? 0;
      while (nextInMs === 0);
      return started.splice(0);
    },
    sleepsMs: () => nextInMs,
    async finish(run, outcome, retryAt) {
      const [definition] = await definitions.load([run]);
      finisher.add(
        endedAttempt(run, {
          outcome,
          cause: outcome === 'succeeded' ? null : 'exit 1',
          retryAt: retryAt ?? null,
          retryRule: retryAt ? 'backoff' : null,
          watch: watchOf(run, definition?.ok ? definition.value : null),
        }),
      );
      await finisher.runOnce();
    },
  };
}
