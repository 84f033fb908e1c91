import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { lockInstallation, lockJobsWithSchedule } from '../jobs/change-over.sql.ts';
import { PauseReason } from '../jobs/pause-jobs.ts';
import { done, type Outcome } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

export const PauseEverything = z.object({ reason: PauseReason });

/** `isChanged` is false when it was so already. */
export type EverythingPaused = { isChanged: boolean; since: Date | null };

/** Nothing is planned and nothing is started until `resumeEverything`; what is running finishes. */
export async function pauseEverything(
  actor: Actor,
  input: z.input<typeof PauseEverything>,
): Promise<Outcome<EverythingPaused>> {
  authorize(actor, 'installation:pause');
  const parsed = PauseEverything.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { reason } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'UPDATE');
    if (pausedAt !== null) return done({ isChanged: false, since: pausedAt });
    const jobs = await lockJobsWithSchedule(sql);
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: false });
    await tx.installation.update({
      where: { id: 1 },
      data: { pausedAt: from, pausedBy: actor.name, pauseReason: reason },
    });
    await switchOpenGaps(
      sql,
      jobs.map(({ id }) => id),
      from,
    );
    await audit(tx, actor, { action: 'installation.pause', subject: 'installation', reason });
    await announce(sql, 'installation');
    await announce(sql, 'job');
    await announce(sql, 'run');
    return done({ isChanged: true, since: from });
  });
}

/** Plans and starts again from now on; jobs that are paused themselves stay so. */
export async function resumeEverything(actor: Actor): Promise<Outcome<EverythingPaused>> {
  authorize(actor, 'installation:pause');
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'UPDATE');
    if (pausedAt === null) return done({ isChanged: false, since: null });
    const jobs = await lockJobsWithSchedule(sql);
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: true });
    await tx.installation.update({
      where: { id: 1 },
      data: { pausedAt: null, pausedBy: null, pauseReason: null },
    });
    await switchOpenGaps(
      sql,
      jobs.map(({ id }) => id),
      from,
    );
    await audit(tx, actor, {
      action: 'installation.resume',
      subject: 'installation',
      before: { pausedAt: pausedAt.toISOString() },
    });
    await announce(sql, 'installation');
    await announce(sql, 'job');
    await announce(sql, 'run');
    await signalWorkers(sql, 'plan');
    await signalWorkers(sql, 'look');
    return done({ isChanged: true, since: null });
  });
}
