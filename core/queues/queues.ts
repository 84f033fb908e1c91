import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { errorCode } from '../error-code.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { Key } from '../jobs/definition.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

/** What a queue allows. */
export const QueueInput = z.object({
  name: Key,
  description: z.string().trim().max(200, 'Use at most 200 characters.').default(''),
  /** Runs at once, over all workers. */
  maxRunning: z
    .int('Give a whole number.')
    .min(1, 'At least 1 run at once.')
    .max(100_000, 'At most 100,000 runs at once.'),
  /** Due runs that may wait; what comes beyond is skipped. */
  maxWaiting: z
    .int('Give a whole number.')
    .min(0, 'At least 0 runs waiting.')
    .max(10_000_000, 'At most 10,000,000 runs waiting.'),
  /** For jobs that have none of their own. */
  defaultTimeoutMs: z
    .int('Give a whole number of milliseconds.')
    .min(1_000, 'The timeout is at least 1 second.')
    .max(604_800_000, 'The timeout is at most 7 days.'),
  /** At most so many starts in any stretch of so long, over all workers; null: as fast as there is room. */
  rate: z
    .object({
      starts: z
        .int('Give a whole number of starts.')
        .min(1, 'At least 1 start.')
        .max(1_000_000, 'At most 1,000,000 starts.'),
      perMs: z
        .int('Give a whole number of milliseconds.')
        .min(1_000, 'The stretch of a rate is at least 1 second.')
        .max(86_400_000, 'The stretch of a rate is at most 1 day.'),
    })
    .nullable()
    .default(null),
});
export type QueueInput = z.input<typeof QueueInput>;

export async function createQueue(
  actor: Actor,
  input: QueueInput,
): Promise<Outcome<{ name: string }>> {
  authorize(actor, 'queue:write');
  const parsed = QueueInput.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { name } = parsed.data;
  try {
    return await inTransaction(async (tx, sql) => {
      await tx.queue.create({ data: { name, ...rowOf(parsed.data) } });
      await audit(tx, actor, {
        action: 'queue.create',
        subject: `queue:${name}`,
        after: parsed.data,
      });
      await announce(sql, 'queue');
      return done({ name });
    });
  } catch (error) {
    if (errorCode(error) !== 'P2002') throw error;
    const message = `There is already a queue ${name}. Choose another name.`;
    return refuse('conflict', message, [{ path: ['name'], message }]);
  }
}

/** Changes limits; they hold from the next claim on, and what runs goes on running. */
export async function changeQueue(
  actor: Actor,
  input: QueueInput,
): Promise<Outcome<{ name: string }>> {
  authorize(actor, 'queue:write');
  const parsed = QueueInput.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { name, ...change } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await tx.queue.findUnique({ where: { name } });
    if (!before) return refuse('not_found', `There is no queue ${name}.`);
    await tx.queue.update({ where: { name }, data: rowOf(change) });
    const { description, maxRunning, maxWaiting, defaultTimeoutMs, rateStarts, rateMs } = before;
    const rate =
      rateStarts === null || rateMs === null ? null : { starts: rateStarts, perMs: rateMs };
    await audit(tx, actor, {
      action: 'queue.change',
      subject: `queue:${name}`,
      before: { description, maxRunning, maxWaiting, defaultTimeoutMs, rate },
      after: change,
    });
    await announce(sql, 'queue');
    await signalWorkers(sql, 'look');
    return done({ name });
  });
}

type Limits = Omit<z.output<typeof QueueInput>, 'name'>;

/** What started lately counts under another rate as well. */
function rowOf({ description, maxRunning, maxWaiting, defaultTimeoutMs, rate }: Limits) {
  return {
    description,
    maxRunning,
    maxWaiting,
    defaultTimeoutMs,
    rateStarts: rate?.starts ?? null,
    rateMs: rate?.perMs ?? null,
    ...(rate === null && { rateLog: [] }),
  };
}
