import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { knownTo } from '../auth/of-jobs.ts';
import type { Actor } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { withFilledStart } from '../schedules/complete.ts';
import { proposeWhereItTakesTwo, settle } from '../proposals/propose-edit.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { authorizeEditor, authorizeSave } from './authorize-save.ts';
import { takeTicksBack } from './change-over.ts';
import {
  firstInstantAhead,
  type LockedJob,
  lockInstallation,
  lockJobs,
} from './change-over.sql.ts';
import {
  checkAgainstOthers,
  checkDefinition,
  keyTaken,
  refuseScheduleThatIsOver,
} from './check-definition.ts';
import { completeDefinition } from './complete-definition.ts';
import type { SavedJob } from './create-job.ts';
import { JobDefinition, type JobDefinitionInput } from './definition.ts';
import { refuseUntriable, TrialInput } from '../trials/trial-input.ts';
import { insertTrial, supersedeTrial } from '../trials/trials.sql.ts';
import { hideDefaults, restoreDefaults } from './hidden-parameters.ts';
import { isKeyTaken } from './key-taken.ts';
import { Note } from './note.ts';
import { writeRevision } from './write-revision.ts';
import { JobId, RevisionNumber } from '../ids.ts';

const Edit = z.object({
  jobId: JobId,
  /** The revision that the editor was opened with: a newer one refuses the edit. */
  basedOnRevision: RevisionNumber,
  note: Note,
  /** Only some of the runs take the new revision at first. */
  trial: TrialInput.optional(),
});
export type EditJobInput = z.input<typeof Edit> & { definition: JobDefinitionInput };

const Restore = Edit.omit({ trial: true }).extend({ revision: RevisionNumber });
export type RestoreRevisionInput = z.input<typeof Restore>;

/**
 * `isChanged` is false when the edit said nothing new and made no revision; `proposal` is its number where it made none
 * because it waits for a second person.
 */
export type EditedJob = SavedJob & { isChanged: boolean; proposal: number | null };

/**
 * Saves a new revision. It counts from the next tick: what is due already keeps its revision, what was planned ahead is
 * taken back and planned again; queue and overlap rule hold for what waits too. Under a trial it counts for a share of the
 * runs at first; an edit ends the trial of the revision before it. What it changes decides what it takes (authorize-save.ts). An edit that somebody else's overtook is refused with `conflict`, and the refusal
 * carries what they saved (`newer`).
 */
export async function editJob(
  actor: Actor,
  { definition, ...edit }: EditJobInput,
): Promise<Outcome<EditedJob>> {
  authorizeEditor(actor);
  const given = Edit.safeParse(edit);
  if (!given.success) return refuseInvalid(given.error);
  const checked = checkDefinition(definition);
  if (!checked.ok) return checked;
  return saveEdit(actor, 'job.edit', given.data, () => Promise.resolve(checked));
}

/** Makes an earlier revision the newest, as an edit of its own. The key stays: addresses go on working. */
export async function restoreRevision(
  actor: Actor,
  input: RestoreRevisionInput,
): Promise<Outcome<EditedJob>> {
  authorizeEditor(actor);
  const given = Restore.safeParse(input);
  if (!given.success) return refuseInvalid(given.error);
  const { revision, ...edit } = given.data;
  const note = edit.note || `Restores revision ${revision}.`;
  return saveEdit(actor, 'job.restore', { ...edit, note }, async (tx, job) => {
    const saved = await tx.revision.findUnique({
      where: { jobId_number: { jobId: job.id, number: revision } },
    });
    if (!saved) return refuse('not_found', `The job ${job.key} has no revision ${revision}.`);
    return checkDefinition({ ...(saved.definition as object), key: job.key });
  });
}

/**
 * Saves an edit that waited for a second person, in that person's name and the one's who proposed it. Another revision
 * since then refuses it, and it waits no more: whoever proposed it looks at what came between.
 */
export async function allowEdit(actor: Actor, proposal: ProposedEdit): Promise<Outcome<EditedJob>> {
  const { jobId, basedOnRevision, note, action } = proposal;
  const trial = TrialInput.nullable().parse(proposal.trial) ?? undefined;
  const edit = { jobId, basedOnRevision, note, ...(trial && { trial }) };
  return saveEdit(
    actor,
    action === 'job.restore' ? action : 'job.edit',
    edit,
    () => Promise.resolve(checkDefinition(proposal.definition)),
    proposal,
  );
}

async function saveEdit(
  actor: Actor,
  action: 'job.edit' | 'job.restore',
  edit: z.output<typeof Edit>,
  newDefinition: (tx: Tx, job: LockedJob) => Promise<Outcome<JobDefinition>>,
  proposal: ProposedEdit | null = null,
): Promise<Outcome<EditedJob>> {
  let key = '';
  try {
    return await inTransaction(async (tx, sql) => {
      const { pausedAt } = await lockInstallation(sql, 'SHARE');
      const [job] = knownTo(actor, await lockJobs(sql, [edit.jobId]));
      if (!job) return refuse('not_found', 'This job isn’t there any more: somebody deleted it.');
      authorizeEditor(actor, job);
      if (job.revision !== edit.basedOnRevision) {
        if (proposal) await settle(tx, proposal.id, { state: 'overtaken', by: actor.name });
        return overtaken(tx, actor, job);
      }
      const chosen = await newDefinition(tx, job);
      if (!chosen.ok) return chosen;
      const before = await currentDefinition(tx, job);
      const now = await firstInstantAhead(sql);
      const shown = restoreDefaults(chosen.value, before);
      const [hidden] = shown.problems;
      if (hidden) return refuse('invalid', hidden.message, shown.problems);
      const completed = await completeDefinition(sql, shown.definition, before, now);
      if (!completed.ok) return completed;
      const definition = completed.value;
      const startedAt = (start: Date | null): JobDefinition => ({
        ...definition,
        schedule: withFilledStart(definition.schedule, now, start),
      });
      key = definition.key;
      const changed = changedParts(before, definition);
      if (changed.length === 0) return done({ ...savedJob(job), isChanged: false, proposal: null });
      const trialRunsOn = edit.trial?.runsOn;
      authorizeSave(actor, { job, before, after: definition, trialRunsOn });
      const refused =
        (edit.trial ? refuseUntriable(before, definition) : null) ??
        refuseScheduleThatIsOver(definition, before, now) ??
        (await checkAgainstOthers(tx, definition, job.id));
      if (refused) return refused;
      if (proposal) {
        const isOpen = await settle(tx, proposal.id, { state: 'allowed', by: actor.name });
        if (!isOpen) return refuse('conflict', DECIDED);
      } else {
        const { note, trial } = edit;
        const ready = { actor, action, job, definition: startedAt(null), changed, note, trial };
        const proposed = await proposeWhereItTakesTwo(tx, sql, ready);
        if (!proposed.ok) return proposed;
        if (proposed.value !== null) {
          return done({ ...savedJob(job), isChanged: false, proposal: proposed.value });
        }
      }
      const savedBy = proposal ? `${proposal.proposedBy} and ${actor.name}` : actor.name;
      const from = await takeTicksBack(sql, [job], { isEverythingPaused: pausedAt !== null });
      const revision = job.revision + 1;
      const isMoved = changed.includes('queue');
      await writeRevision(tx, sql, {
        savedBy,
        job,
        revision,
        // Others may have held its ticks for a while.
        definition: startedAt(from),
        note: edit.note,
        from,
        isMoved,
      });
      await supersedeTrial(sql, job.id, actor.name);
      if (edit.trial) {
        const [baseRevision, startedBy] = [job.revision, savedBy];
        await insertTrial(sql, { jobId: job.id, baseRevision, revision, startedBy, ...edit.trial });
      }
      await audit(tx, actor, {
        action,
        subject: `job:${definition.key}`,
        before: { revision: job.revision, key: job.key },
        after: {
          revision,
          key: definition.key,
          changed,
          ...(edit.trial && { trial: edit.trial }),
          ...(proposal && { proposal: proposal.id, proposedBy: proposal.proposedBy }),
        },
        reason: edit.note,
      });
      await announce(sql, 'job', [job.id]);
      await announce(sql, 'run');
      await signalWorkers(sql, 'plan');
      // What waits may start now: in another queue, or under another rule for overlaps.
      await signalWorkers(sql, 'look');
      if (definition.tellParameters) await signalWorkers(sql, 'tell');
      return done({
        jobId: job.id,
        key: definition.key,
        revision,
        isChanged: true,
        proposal: null,
      });
    });
  } catch (error) {
    if (isKeyTaken(error)) return keyTaken(key);
    throw error;
  }
}

/** As it stands in its row. */
type ProposedEdit = {
  id: number;
  jobId: number;
  action: string;
  basedOnRevision: number;
  definition: unknown;
  trial: unknown;
  note: string;
  proposedBy: string;
};

const DECIDED = 'This edit doesn’t wait any more: it was decided, or taken back, meanwhile.';

async function overtaken(tx: Tx, actor: Actor, job: LockedJob): Promise<Refused> {
  const newest = await tx.revision.findUniqueOrThrow({
    where: { jobId_number: { jobId: job.id, number: job.revision } },
  });
  const refused = refuse(
    'conflict',
    `${newest.createdBy} saved revision ${newest.number} while you were editing. Look at what they changed, then save again or drop yours.`,
  );
  refused.refusal.newer = {
    revision: newest.number,
    savedBy: newest.createdBy,
    savedAt: newest.createdAt,
    note: newest.note,
    definition: hideDefaults(actor, job, JobDefinition.parse(newest.definition)),
  };
  return refused;
}

/** As this version reads it; null when it can't (an edit must be able to mend it). */
async function currentDefinition(tx: Tx, job: LockedJob): Promise<JobDefinition | null> {
  const saved = await tx.revision.findUniqueOrThrow({
    where: { jobId_number: { jobId: job.id, number: job.revision } },
    select: { definition: true },
  });
  return JobDefinition.safeParse(saved.definition).data ?? null;
}

function changedParts(before: JobDefinition | null, after: JobDefinition): string[] {
  const parts = Object.keys(after) as (keyof JobDefinition)[];
  return parts.filter((part) => !isDeepStrictEqual(before?.[part], after[part]));
}

function savedJob({ id, key, revision }: LockedJob): SavedJob {
  return { jobId: id, key, revision };
}
