import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { BackfillId } from '../ids.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { cancelIfQueued, requestCancelIfRunning } from '../runs/cancel-by-hand.sql.ts';
import { Rate } from './backfill-input.ts';
import {
  type BackfillRow,
  lockBackfill,
  readBegunRuns,
  setBackfillRate,
  setBackfillState,
  takeRunsBack,
} from './backfill.sql.ts';

export const ChangeBackfill = z.object({ id: BackfillId });

/** Whether it changed; it may have been so already. */
export type ChangedBackfill = { isChanged: boolean };

/** No more runs of it start; what has begun goes on to its end. */
export async function pauseBackfill(
  actor: Actor,
  input: z.input<typeof ChangeBackfill>,
): Promise<Outcome<ChangedBackfill>> {
  return change(actor, ChangeBackfill, input, async ({ sql, tx, backfill }) => {
    if (backfill.state === 'paused') return done<ChangedBackfill>({ isChanged: false });
    const taken = await takeRunsBack(sql, [backfill.id]);
    if (backfill.isAllMade && taken === 0) {
      return refuse('conflict', 'All its runs have begun: there is nothing left to pause.');
    }
    await setBackfillState(sql, backfill.id, { state: 'paused', by: actor.name });
    await tell(tx, actor, backfill, 'job.backfill.pause');
    return done<ChangedBackfill>({ isChanged: true });
  });
}

/** Goes on where it stopped, also while its job is paused: somebody asks for it now. */
export async function goOnWithBackfill(
  actor: Actor,
  input: z.input<typeof ChangeBackfill>,
): Promise<Outcome<ChangedBackfill>> {
  return change(actor, ChangeBackfill, input, async ({ sql, tx, backfill }) => {
    if (backfill.state === 'running') return done<ChangedBackfill>({ isChanged: false });
    await setBackfillState(sql, backfill.id, { state: 'running', by: actor.name });
    await tell(tx, actor, backfill, 'job.backfill.go_on');
    return done<ChangedBackfill>({ isChanged: true });
  });
}

export const CancelBackfill = ChangeBackfill.extend({
  /** Also ends what has begun; without it that goes on to its end. */
  cancelRunning: z.boolean().default(false),
});

/** `ended`: how many that had begun are ended. */
export async function cancelBackfill(
  actor: Actor,
  input: z.input<typeof CancelBackfill>,
): Promise<Outcome<{ ended: number }>> {
  return change(actor, CancelBackfill, input, async ({ sql, tx, backfill, asked }) => {
    if (asked.cancelRunning) authorizeAll(actor, 'run:cancel', [jobOf(backfill)]);
    await takeRunsBack(sql, [backfill.id]);
    await setBackfillState(sql, backfill.id, { state: 'cancelled', by: actor.name });
    const ended = asked.cancelRunning ? await endBegun(sql, backfill.id, actor.name) : 0;
    await tell(tx, actor, backfill, 'job.backfill.cancel', { cancelRunning: asked.cancelRunning });
    return done({ ended });
  });
}

async function endBegun(sql: Sql, id: number, by: string): Promise<number> {
  const begun = await readBegunRuns(sql, id);
  const idsIn = (state: string) => begun.filter((run) => run.state === state).map((run) => run.id);
  await cancelIfQueued(sql, idsIn('queued'), by);
  await requestCancelIfRunning(sql, idsIn('running'), by);
  if (begun.length > 0) await signalWorkers(sql, 'cancel');
  return begun.length;
}

export const ChangeBackfillRate = ChangeBackfill.extend(Rate.shape);

/** Faster or slower from now on. */
export async function changeBackfillRate(
  actor: Actor,
  input: z.input<typeof ChangeBackfillRate>,
): Promise<Outcome<ChangedBackfill>> {
  return change(actor, ChangeBackfillRate, input, async ({ sql, tx, backfill, asked }) => {
    const { perMinute, atOnce } = asked;
    if (perMinute === backfill.perMinute && atOnce === backfill.atOnce) {
      return done<ChangedBackfill>({ isChanged: false });
    }
    await setBackfillRate(sql, backfill.id, { perMinute, atOnce, by: actor.name });
    await tell(tx, actor, backfill, 'job.backfill.rate', { perMinute, atOnce });
    return done<ChangedBackfill>({ isChanged: true });
  });
}

type Held<Asked> = { tx: Tx; sql: Sql; backfill: BackfillRow; asked: Asked };

/** The one shape of a change: the backfill is there, held, and not over. */
async function change<Schema extends z.ZodType<{ id: number }>, Value>(
  actor: Actor,
  schema: Schema,
  input: z.input<Schema>,
  carryOut: (held: Held<z.output<Schema>>) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  authorizeForSome(actor, 'job:trigger');
  const parsed = schema.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const asked = parsed.data;
  return inTransaction(async (tx, sql) => {
    const backfill = await lockBackfill(sql, asked.id);
    if (!backfill || knownTo(actor, [jobOf(backfill)]).length === 0) {
      return refuse('not_found', 'There is no such backfill. Choose one from the job’s list.');
    }
    authorizeAll(actor, 'job:trigger', [jobOf(backfill)]);
    if (backfill.endedAt !== null) {
      return refuse('conflict', 'This backfill is over, so there is nothing to change.');
    }
    const outcome = await carryOut({ tx, sql, backfill, asked });
    await announce(sql, 'run');
    await announce(sql, 'job', [backfill.jobId]);
    await signalWorkers(sql, 'feed');
    await signalWorkers(sql, 'look');
    return outcome;
  });
}

const jobOf = ({ jobKey, jobLabels }: BackfillRow) => ({ key: jobKey, labels: jobLabels });

async function tell(
  tx: Tx,
  actor: Actor,
  backfill: BackfillRow,
  action: string,
  more: Record<string, number | boolean> = {},
): Promise<void> {
  await audit(tx, actor, {
    action,
    subject: `job:${backfill.jobKey}`,
    after: { backfill: backfill.id, made: backfill.made, expected: backfill.expected, ...more },
  });
}
