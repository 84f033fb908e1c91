import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { isTransient, LOCK_TIMEOUT, once, sqlOf, transaction } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { makeMonth } from '#core/jobs/planning.sql.ts';
import type { EndedAttempt, FinishedRun } from '#core/runs/finish.sql.ts';
import { isWatched, recordEnds } from '#core/runs/record-ends.ts';
import type { Duty } from './duty.ts';

export type FinisherConfig = {
  pool: pg.Pool;
  logger: Logger;
  /** Few slots are free: attempts end, and others begin, all the time. */
  isCrowded: () => boolean;
  /** Something was recorded: the queue, the job or a slot has room again, and a job may have to be paused. */
  onRecorded: (recorded: { mayPauseJob: boolean }) => void;
};

export type Finisher = Duty & {
  /**
   * Takes over an ended attempt and keeps it until it is recorded or its lease is lost.
   * @param isAwaited a tick that finds it running would be skipped for it, or end it: it is recorded without delay
   */
  add(ended: EndedAttempt, isAwaited?: boolean): void;
  /** Told when something was added. */
  onAdded: (wake: () => void) => void;
  /** Whether the end of this attempt is here and not recorded; also when the database refuses it for good. */
  holds(runId: number, attempt: number): boolean;
  /** How many wait. */
  readonly waiting: number;
  /** Forgets what a worker that lost its lease had not recorded yet. */
  forget(workerId: number): void;
  /** Resolves when nothing waits any more. */
  emptied(): Promise<void>;
};

const LARGEST_BATCH = 1_000;
const IDLE_MS = 60_000;
// With every slot busy one attempt ends every few milliseconds. A flush for each of them would keep the database busier than
// what ended: it rests as long as the last took, and carries several.
const LONGEST_REST_MS = 25;
/** Whoever holds a row for longer than that, as a forgotten transaction does, holds up that end and no other. */
const LONGEST_WAIT_FOR_ROW_MS = 500;
const HELD_UP_PAUSE_MS = 1_000;

/**
 * Records how attempts ended, many in one statement: while one flush is under way the next collects. Nothing is given
 * up while the database is away; only a lost lease ends the waiting.
 */
export function createFinisher({ pool, logger, isCrowded, onRecorded }: FinisherConfig): Finisher {
  const sql = sqlOf(pool);
  let waiting: EndedAttempt[] = [];
  // Executed, yet `running` in the ledger for ever: they must not be taken for claims that were never started.
  const refused = new Set<EndedAttempt>();
  // They wait as well, and are tried one at a time.
  const heldUp = new Set<EndedAttempt>();
  let heldUpUntilMs = -Infinity;
  let emptied: (() => void)[] = [];
  let restsUntilMs = -Infinity;
  let isHurried = false;
  let endRest = () => {};
  let wake = () => {};

  return {
    name: 'finisher',
    intervalMs: IDLE_MS,
    runOnce,
    add(ended, isAwaited = false) {
      waiting.push(storable(ended));
      if (isAwaited || waiting.length >= LARGEST_BATCH) {
        isHurried = true;
        endRest();
      }
      wake();
    },
    onAdded(listener) {
      wake = listener;
    },
    holds: (runId, attempt) =>
      [...waiting, ...refused].some((held) => held.runId === runId && held.attempt === attempt),
    get waiting() {
      return waiting.length;
    },
    forget(workerId) {
      remove((attempt) => attempt.workerId === workerId);
    },
    emptied: () =>
      waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            emptied.push(resolve);
          }),
  };

  async function runOnce() {
    const restMs = restsUntilMs - performance.now();
    if (restMs > 0 && waiting.length > 0 && !isHurried && isCrowded()) await rest(restMs);
    isHurried = false;
    const isOfHeldUp = heldUp.size > 0 && performance.now() >= heldUpUntilMs;
    const batch = new Set(isOfHeldUp ? [...heldUp].slice(0, 1) : free().slice(0, LARGEST_BATCH));
    if (batch.size === 0) return { counts: {}, ...nextLook() };
    const beganAtMs = performance.now();
    const recorded = await (isOfHeldUp ? recordEach([...batch]) : record([...batch]));
    const endedAtMs = performance.now();
    restsUntilMs = endedAtMs + Math.min(LONGEST_REST_MS, endedAtMs - beganAtMs);
    const left = [...batch].filter((attempt) => heldUp.has(attempt)).length;
    remove((attempt) => batch.has(attempt) && !heldUp.has(attempt));
    onRecorded({ mayPauseJob: [...batch].some(mayPauseJob) });
    const counts = { recorded, lost: batch.size - recorded - left };
    return { counts, ...nextLook() };
  }

  function nextLook(): { nextInMs?: number } {
    if (free().length > 0) return { nextInMs: 0 };
    return heldUp.size > 0 ? { nextInMs: HELD_UP_PAUSE_MS } : {};
  }

  function free(): EndedAttempt[] {
    return heldUp.size === 0 ? waiting : waiting.filter((ended) => !heldUp.has(ended));
  }

  async function rest(restMs: number): Promise<void> {
    const { promise: awaited, resolve } = Promise.withResolvers<void>();
    endRest = resolve;
    await Promise.race([pause(restMs), awaited]);
  }

  /** All in one statement; if Postgres refuses a row, or somebody holds it, each in its own, so that one can't hold up the others. */
  async function record(batch: EndedAttempt[]): Promise<number> {
    try {
      return tellLost(batch, await write(batch));
    } catch (error) {
      if (!isRefusal(error) && errorCode(error) !== STATEMENT_TIMEOUT) throw error;
    }
    return recordEach(batch);
  }

  async function recordEach(batch: EndedAttempt[]): Promise<number> {
    let recorded = 0;
    for (const attempt of batch) {
      if (!waiting.includes(attempt)) continue;
      try {
        recorded += await recordAlone(attempt);
      } catch (error) {
        if (errorCode(error) !== LOCK_TIMEOUT) throw error;
        putOff(attempt);
        continue;
      }
      remove((other) => other === attempt);
    }
    return recorded;
  }

  function putOff(attempt: EndedAttempt): void {
    // Forgotten meanwhile.
    if (!waiting.includes(attempt)) return;
    // The next to be tried is the one that was longest ago.
    const isNew = !heldUp.delete(attempt);
    heldUp.add(attempt);
    heldUpUntilMs = performance.now() + HELD_UP_PAUSE_MS;
    if (!isNew) return;
    logger.warn(
      { runId: attempt.runId, attempt: attempt.attempt },
      'somebody holds the row of a run in a transaction: its end is recorded when that is over',
    );
  }

  // One statement, and a transaction only where somebody watches.
  function write(batch: readonly EndedAttempt[]): Promise<FinishedRun[]> {
    return batch.some(isWatched)
      ? transaction(pool, (own) => recordEnds(own, batch), { isBrief: true })
      : once(() => recordEnds(sql, batch));
  }

  function writeWithin(lockTimeoutMs: number, attempt: EndedAttempt): Promise<FinishedRun[]> {
    return transaction(pool, (own) => recordEnds(own, [attempt]), { isBrief: true, lockTimeoutMs });
  }

  async function recordAlone(attempt: EndedAttempt): Promise<number> {
    for (const version of [attempt, attempt, withoutText(attempt)]) {
      try {
        return tellLost([attempt], await writeWithin(LONGEST_WAIT_FOR_ROW_MS, version));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // The month of an old tick may have been dropped meanwhile: then this is all that was missing.
        await makeMonth(sql, attempt.scheduledFor);
        logger.error(
          { err: error, runId: attempt.runId, attempt: attempt.attempt },
          'the database refused the end of an attempt',
        );
      }
    }
    refused.add(attempt);
    return 0;
  }

  function tellLost(batch: EndedAttempt[], recorded: readonly { id: number }[]): number {
    if (recorded.length < batch.length) {
      const ids = new Set(recorded.map(({ id }) => id));
      const lost = batch.filter(({ runId }) => !ids.has(runId)).map(({ runId }) => runId);
      logger.warn({ runIds: lost }, 'runs were no longer ours: nothing recorded');
    }
    return recorded.length;
  }

  function remove(isDone: (attempt: EndedAttempt) => boolean): void {
    waiting = waiting.filter((attempt) => !isDone(attempt));
    for (const attempt of heldUp) if (isDone(attempt)) heldUp.delete(attempt);
    if (waiting.length > 0) return;
    const listeners = emptied;
    emptied = [];
    for (const listener of listeners) listener();
  }
}

const mayPauseJob = ({ outcome, watch }: EndedAttempt) =>
  outcome !== 'succeeded' && (watch?.pausesJob ?? null) !== null;

const STATEMENT_TIMEOUT = '57014';

// Classes 22 and 23: Postgres looked at the values and said no; asking again would not help.
function isRefusal(error: unknown): boolean {
  return !isTransient(error) && /^2[23]/.test(errorCode(error) ?? '');
}

const LONGEST_CAUSE = 2_000;
const LARGEST_RESULT_BYTES = 65_536;

/** Text as Postgres takes it: no NUL, no half characters, within the column's size. */
function storable(ended: EndedAttempt): EndedAttempt {
  if (ended.cause === null && ended.result === null) return ended;
  const cause = ended.cause && clean(ended.cause).slice(0, LONGEST_CAUSE).toWellFormed();
  return { ...ended, cause, result: ended.result && within(clean(ended.result)) };
}

const clean = (text: string) => text.replaceAll('\0', '\u{FFFD}').toWellFormed();

function within(text: string): string {
  if (Buffer.byteLength(text) <= LARGEST_RESULT_BYTES) return text;
  // Cut inside a character, the rest of it decodes to at most three bytes more: cut those off with it.
  const cut = new TextDecoder().decode(Buffer.from(text).subarray(0, LARGEST_RESULT_BYTES - 3));
  return cut.endsWith('\u{FFFD}') ? cut.slice(0, -1) : cut;
}

const withoutText = ({ newState: _, ...attempt }: EndedAttempt): EndedAttempt => ({
  ...attempt,
  result: null,
  cause: 'the end of this attempt could not be stored in full; the worker’s log has the reason',
});
