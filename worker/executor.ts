import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { mayPass } from '#core/database-away.ts';
import type { Room } from '#core/runs/claim.sql.ts';
import { Attempt, type AttemptConfig } from './attempt.ts';
import type { StartedRun } from './started-run.ts';
import type { Definition, Definitions } from './definitions.ts';
import type { GivenStates } from './given-states.ts';
import { Pace } from './pace.ts';
import type { ToldParameters } from './told-parameters.ts';
import type { Stop } from './verdict.ts';

export type ExecutorConfig = AttemptConfig & {
  definitions: Pick<Definitions, 'load'>;
  states: GivenStates;
  slots: number;
};

export type Executor = {
  /** How many attempts are under way, or claimed and about to begin. */
  readonly running: number;
  /**
   * What it can take.
   *
   * @param unrecorded how many attempts have ended and aren't recorded: with too many the database has to catch up first
   */
  room(unrecorded: number): Room;
  /** Begins to execute these runs; each ends in `finish`, unless its lease is lost. */
  start(runs: readonly StartedRun[]): void;
  /** Stops one attempt, if it is still the one under way. */
  stop(runId: number, attempt: number, stop: Stop): void;
  stopAll(stop: Stop): void;
  holds(runId: number, attempt: number): boolean;
  /** Gives back what waits for a slot here. */
  giveBackWaiting(): void;
  /** Those under way that are to be told of edited parameters. */
  told(): ToldParameters[];
  /** Resolves when nothing is running any more. */
  idle(): Promise<void>;
};

/** So many are claimed ahead at once: a claim and a flush cost little more for a thousand than for one. */
const LARGEST_HELPING = 1_000;
/** One helping is executed while the next is claimed. */
const MOST_WAITING = 2 * LARGEST_HELPING;
/** What was quick may be so no longer: then other workers may have room. */
const LONGEST_WAIT_MS = 200;
/** An attempt that goes on for longer occupies its slot for good, as far as the others are concerned. */
const LONG_MS = 50;

/** With less than this share of the slots free, and none that are quick, a claim may wait for more. */
const SCARCE = 1 / 4;

/** An attempt and what it needs, in line for a slot. */
type Ready = { attempt: Attempt; definition: Definition; state: string | null; sinceMs: number };

/** Executes claimed runs through their kinds. Whatever happens in one attempt, it fails that attempt only. */
export function createExecutor(config: ExecutorConfig): Executor {
  const { kinds, definitions, states, logger, slots } = config;
  for (const kind of kinds.values()) kind.prepare?.();
  // By run and attempt: after a lost lease the same run may be back here before its old attempt is quite dead.
  const running = new Map<string, Attempt>();
  const pace = new Pace();
  let waiting: Ready[] = [];
  /** When each began, the oldest first. */
  const executing = new Map<Attempt, number>();
  let idle: (() => void)[] = [];
  let impatience: NodeJS.Timeout | null = null;

  return {
    get running() {
      return running.size;
    },
    room(unrecorded) {
      const quick = slots - countLong();
      const most = Math.min(MOST_WAITING, pace.ahead(quick));
      const behind = Math.max(0, unrecorded - slots - most);
      const aheadOf = Math.max(0, running.size - slots);
      const free = Math.max(0, slots - running.size - behind);
      const ahead = Math.max(0, Math.min(LARGEST_HELPING, most - aheadOf - behind));
      const soonFree = Math.max(0, quick - free);
      return { slots: free, soonFree, ahead, isScarce: most === 0 && free < slots * SCARCE };
    },
    start(runs) {
      const attempts = runs.map((run) => new Attempt(run, config));
      for (const attempt of attempts)
        running.set(keyOf(attempt.run.id, attempt.run.attempt), attempt);
      void execute(attempts);
    },
    giveBackWaiting: () => void giveBack(waiting.splice(0).map(({ attempt }) => attempt)),
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

  function countLong(): number {
    const sinceMs = performance.now() - LONG_MS;
    let count = 0;
    for (const beganAtMs of executing.values()) {
      if (beganAtMs > sinceMs) break;
      count += 1;
    }
    return count;
  }

  async function execute(attempts: readonly Attempt[]): Promise<void> {
    const runs = attempts.map(({ run }) => run);
    try {
      const [loaded, given] = await Promise.all([load(runs), states.load(runs)]);
      // The next claim goes out first: what it asks for is done meanwhile.
      await turn();
      const sinceMs = performance.now();
      const ready = attempts.map((attempt, index) => {
        const definition = loaded[index] ?? { ok: false, problem: 'the job has no definition' };
        return { attempt, definition, state: given[index] ?? null, sinceMs };
      });
      // Free slots were kept for what can't wait: the end of this worker would be the end of it.
      waiting = [...ready.filter(isToBegin), ...waiting, ...ready.filter(mayWait)];
      fillSlots();
    } catch (error) {
      // Nothing has begun, and the job isn't to blame: they start once the database says what they need.
      logger.warn({ err: error }, 'what runs need could not be read; they are given back');
      await giveBack(attempts);
    }
  }

  function fillSlots(): void {
    while (executing.size < slots && waiting.length > 0) void carryOut(waiting.shift()!);
    if (waiting.length > 0) impatience ??= setTimeout(giveBackOld, LONGEST_WAIT_MS);
  }

  function giveBackOld(): void {
    impatience = null;
    const sinceMs = performance.now() - LONGEST_WAIT_MS;
    const [old, young] = [waiting, waiting].map((all, index) =>
      all.filter((one) => one.sinceMs <= sinceMs === (index === 0)),
    );
    waiting = young!;
    void giveBack(old!.map(({ attempt }) => attempt));
    fillSlots();
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

  async function giveBack(attempts: readonly Attempt[]): Promise<void> {
    // Whoever looks for strays may give them back as well; both say which claim they mean.
    for (const attempt of attempts) forget(attempt);
    if (attempts.length > 0) await config.giveBack(attempts.map(({ run }) => run));
  }

  async function carryOut({ attempt, definition, state }: Ready): Promise<void> {
    const sinceMs = performance.now();
    executing.set(attempt, sinceMs);
    try {
      await attempt.execute(definition, state);
    } catch (error) {
      logger.error({ err: error, runId: attempt.run.id }, 'Punctual made a mistake in an attempt');
      attempt.giveUp(`Punctual made a mistake: ${String(error)}`);
    }
    pace.note(performance.now() - sinceMs);
    executing.delete(attempt);
    forget(attempt);
    fillSlots();
  }

  function forget(attempt: Attempt): void {
    const key = keyOf(attempt.run.id, attempt.run.attempt);
    // Given back, it may have been claimed by this worker again meanwhile.
    if (running.get(key) === attempt) running.delete(key);
    if (running.size > 0) return;
    const listeners = idle;
    idle = [];
    for (const listener of listeners) listener();
  }
}

const mayWait = ({ definition }: Ready) => definition.ok && definition.value.mayRunTwice;
const isToBegin = (ready: Ready) => !mayWait(ready);

const keyOf = (runId: number, attempt: number) => `${runId}.${attempt}`;
