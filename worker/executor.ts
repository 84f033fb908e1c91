import { Attempt, type AttemptConfig, type StartedRun } from './attempt.ts';
import { mayPass } from '#core/database-away.ts';
import type { Definition, Definitions } from './definitions.ts';
import type { GivenStates } from './given-states.ts';
import type { ToldParameters } from './told-parameters.ts';
import type { Stop } from './verdict.ts';

export type ExecutorConfig = AttemptConfig & {
  definitions: Definitions;
  states: GivenStates;
  slots: number;
};

export type Executor = {
  readonly running: number;
  readonly freeSlots: number;
  /** Begins to execute these runs; each ends in `finish`, unless its lease is lost. */
  start(runs: readonly StartedRun[]): void;
  /** Stops one attempt, if it is still the one under way. */
  stop(runId: number, attempt: number, stop: Stop): void;
  stopAll(stop: Stop): void;
  holds(runId: number, attempt: number): boolean;
  /** Those under way that are to be told of edited parameters. */
  told(): ToldParameters[];
  /** Resolves when nothing is running any more. */
  idle(): Promise<void>;
};

/** Executes claimed runs through their kinds. Whatever happens in one attempt, it fails that attempt only. */
export function createExecutor(config: ExecutorConfig): Executor {
  const { definitions, states, logger, slots } = config;
  // By run and attempt: after a lost lease the same run may be back here before its old attempt is quite dead.
  const running = new Map<string, Attempt>();
  let idle: (() => void)[] = [];

  return {
    get running() {
      return running.size;
    },
    get freeSlots() {
      return Math.max(0, slots - running.size);
    },
    start(runs) {
      const attempts = runs.map((run) => new Attempt(run, config));
      for (const attempt of attempts)
        running.set(keyOf(attempt.run.id, attempt.run.attempt), attempt);
      void execute(attempts);
    },
    stop(runId, attempt, stop) {
      running.get(keyOf(runId, attempt))?.stop(stop);
    },
    stopAll(stop) {
      for (const attempt of running.values()) attempt.stop(stop);
    },
    told: () => [...running.values()].flatMap(({ told }) => told ?? []),
    holds: (runId, attempt) => running.has(keyOf(runId, attempt)),
    idle: () =>
      running.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idle.push(resolve);
          }),
  };

  async function execute(attempts: readonly Attempt[]): Promise<void> {
    const runs = attempts.map(({ run }) => run);
    try {
      const [loaded, given] = await Promise.all([load(runs), states.load(runs)]);
      await Promise.all(
        attempts.map((attempt, index) => carryOut(attempt, loaded[index], given[index] ?? null)),
      );
    } catch (error) {
      // Nothing has begun, and the job isn't to blame: they start once the database says what they need.
      logger.warn({ err: error }, 'what runs need could not be read; they are given back');
      await Promise.all(attempts.map(giveBack));
    }
  }

  /** @throws what the database says, where it may give them later */
  async function load(runs: readonly StartedRun[]): Promise<Definition[]> {
    try {
      return await definitions.load(runs);
    } catch (error) {
      if (mayPass(error)) throw error;
      logger.error({ err: error }, 'definitions could not be read');
      const problem = 'the job’s definition could not be read from the database';
      return runs.map(() => ({ ok: false, problem }));
    }
  }

  async function giveBack(attempt: Attempt): Promise<void> {
    // Whoever looks for strays may give it back as well; both say which claim they mean.
    forget(attempt);
    await config.giveBack(attempt.run);
  }

  async function carryOut(
    attempt: Attempt,
    definition: Definition | undefined,
    state: string | null,
  ): Promise<void> {
    try {
      await attempt.execute(
        definition ?? { ok: false, problem: 'the job has no definition' },
        state,
      );
    } catch (error) {
      logger.error({ err: error, runId: attempt.run.id }, 'Punctual made a mistake in an attempt');
      attempt.giveUp(`Punctual made a mistake: ${String(error)}`);
    }
    forget(attempt);
  }

  function forget({ run }: Attempt): void {
    running.delete(keyOf(run.id, run.attempt));
    if (running.size > 0) return;
    const listeners = idle;
    idle = [];
    for (const listener of listeners) listener();
  }
}

const keyOf = (runId: number, attempt: number) => `${runId}.${attempt}`;
