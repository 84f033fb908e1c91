import { audit } from '../audit/audit.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { compileSchedule } from '../schedules/compile.ts';
import { nextFire } from '../schedules/fires.ts';
import { authorizeSave } from './authorize-save.ts';
import { firstInstantAhead, lockInstallation } from './change-over.sql.ts';
import {
  checkAgainstOthers,
  checkDefinition,
  keyTaken,
  refuseScheduleThatIsOver,
} from './check-definition.ts';
import { completeDefinition } from './complete-definition.ts';
import type { JobDefinition, JobDefinitionInput } from './definition.ts';
import { jobColumns } from './job-columns.ts';
import { restoreDefaults } from './hidden-parameters.ts';
import { isKeyTaken } from './key-taken.ts';
import { Note } from './note.ts';

export type SavedJob = { jobId: number; key: string; revision: number };

/** How a new job begins, beside what its definition says. */
export type JobBeginning = {
  note?: string;
  isSample?: boolean;
  /** Reason to begin paused; without it the job begins to run. */
  pausedFor?: string;
};

/** Makes a job. Its planning begins now: no tick before this moment is owed. */
export async function createJob(
  actor: Actor,
  input: JobDefinitionInput,
  beginning: JobBeginning = {},
): Promise<Outcome<SavedJob>> {
  authorizeForSome(actor, 'job:write');
  const note = Note.safeParse(beginning.note);
  if (!note.success) return refuseInvalid(note.error);
  const checked = checkDefinition(input);
  if (!checked.ok) return checked;
  const definition = checked.value;
  try {
    return await inTransaction(async (tx, sql) => {
      const inserted = await insertJob(tx, sql, actor, definition, {
        ...beginning,
        note: note.data,
      });
      if (!inserted.ok) return inserted;
      await announce(sql, 'job', [inserted.value.jobId]);
      await signalWorkers(sql, 'plan');
      return inserted;
    });
  } catch (error) {
    if (isKeyTaken(error)) return keyTaken(definition.key);
    throw error;
  }
}

/**
 * Inserts a job whose definition is checked; the caller announces it.
 * @throws NotAllowed for what the definition takes
 */
export async function insertJob(
  tx: Tx,
  sql: Sql,
  actor: Actor,
  given: JobDefinition,
  { note = '', isSample = false, pausedFor }: JobBeginning,
): Promise<Outcome<SavedJob>> {
  authorizeSave(actor, { job: null, before: null, after: given });
  await lockInstallation(sql, 'SHARE');
  const from = await firstInstantAhead(sql);
  const shown = restoreDefaults(given, null);
  const [hidden] = shown.problems;
  if (hidden) return refuse('invalid', hidden.message, shown.problems);
  const completed = await completeDefinition(sql, shown.definition, null, from);
  if (!completed.ok) return completed;
  const definition = completed.value;
  const refused =
    refuseScheduleThatIsOver(definition, null, from) ??
    (await checkAgainstOthers(tx, definition, null));
  if (refused) return refused;
  const plannedUntil = new Date(from.getTime() - 1);
  const { id } = await tx.job.create({
    data: {
      ...jobColumns(definition),
      revision: 1,
      isSample,
      plannedUntil,
      nextTickAt: nextFire(compileSchedule(definition.schedule), plannedUntil)?.at ?? null,
      ...(pausedFor === undefined
        ? {}
        : { pausedAt: from, pausedBy: actor.name, pauseReason: pausedFor }),
      createdAt: plannedUntil,
      // Its ticks count from the next millisecond on: whoever recounts them goes by it.
      revisions: {
        create: { number: 1, definition, note, createdBy: actor.name, createdAt: plannedUntil },
      },
    },
    select: { id: true },
  });
  await switchOpenGaps(sql, [id], from);
  await audit(tx, actor, {
    action: 'job.create',
    subject: `job:${definition.key}`,
    after: { revision: 1, isPaused: pausedFor !== undefined },
    reason: note,
  });
  return done({ jobId: id, key: definition.key, revision: 1 });
}
