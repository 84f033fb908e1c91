import { isDeepStrictEqual } from 'node:util';
import {
  type Actor,
  type Labelled,
  itTakes,
  may,
  mayForSome,
  NotAllowed,
} from '../auth/permissions.ts';
import type { Permission } from '../auth/permission-table.ts';
import type { JobDefinition } from './definition.ts';
import {
  EDIT_PERMISSIONS,
  type EditTakes,
  runsOnHost,
  takesOfCreation,
  takesOfEdit,
} from './takes-of-edit.ts';

/** What somebody wants to save, and where: the one place at which every save of a definition is authorised. */
export type Save = {
  /** Null: a new job. */
  job: Labelled | null;
  /** What its newest revision says; null where that can't be read, or for a new job. */
  before: JobDefinition | null;
  after: JobDefinition;
  /** Labels that a worker must have to take what is tried. */
  trialRunsOn?: Readonly<Record<string, string>> | undefined;
};

/** For pages: whether it would be let through. */
export function maySave(actor: Actor, save: Save): boolean {
  return refusedSave(actor, save) === null;
}

/** @throws NotAllowed, with the parts of the definition that may not be changed */
export function authorizeSave(actor: Actor, save: Save): void {
  const refusal = refusedSave(actor, save);
  if (refusal) throw refusal;
}

function refusedSave(actor: Actor, save: Save): NotAllowed | null {
  const { job, after } = save;
  const takes = takesOf(save);
  for (const permission of EDIT_PERMISSIONS) {
    const parts = takes[permission];
    if (parts === undefined) continue;
    for (const { labels } of [job ?? after, after]) {
      if (may(actor, permission, { labels })) continue;
      return refused(
        actor,
        permission,
        parts,
        SAYS[permission][job === null ? 'creation' : 'edit'],
      );
    }
  }
  return job === null ? null : refusedRelabelling(actor, job, save);
}

function takesOf({ job, before, after, trialRunsOn }: Save): EditTakes {
  if (job === null) return takesOfCreation(after);
  const takes = takesOfEdit(before, after);
  const choosesHosts = Object.keys(trialRunsOn ?? {}).length > 0 && runsOnHost(after);
  if (choosesHosts) (takes['job:write_host'] ??= []).push('runsOn');
  return takes;
}

/**
 * Nobody may change what they themselves may do with a job by giving it other labels: not take it out of their reach, and
 * not into it.
 */
function refusedRelabelling(
  actor: Actor,
  job: Labelled,
  { before, after }: Save,
): NotAllowed | null {
  if (isDeepStrictEqual(job.labels, after.labels)) return null;
  const either = before === null ? [after] : [before, after];
  const reach: Permission[] = ['job:read_parameters', 'log:read'];
  if (either.some(({ schedule }) => schedule.type !== 'manual')) reach.push('job:write_when');
  if (before === null || either.some(runsOnHost)) reach.push('job:write_host');
  for (const permission of reach) {
    if (may(actor, permission, job) === may(actor, permission, after)) continue;
    return refused(actor, permission, ['labels'], SAYS_RELABELLED);
  }
  return null;
}

/** @throws NotAllowed for somebody who may edit nothing of the job; without a job, nothing of any */
export function authorizeEditor(actor: Actor, job?: Labelled): void {
  const isAllowed = (['job:write', 'job:write_when'] as const).some((permission) =>
    job ? may(actor, permission, job) : mayForSome(actor, permission),
  );
  if (!isAllowed) throw new NotAllowed('job:write', actor);
}

const SAYS = {
  'job:write': {
    edit: 'Your role doesn’t let you change this.',
    creation: 'Your role doesn’t let you make a job with these labels.',
  },
  'job:write_when': {
    edit: 'Your role doesn’t let you change when this job fires.',
    creation: 'Your role doesn’t let you make a job that fires by itself: make it manual.',
  },
  'job:write_host': {
    edit: 'Your role doesn’t let you change what is executed on hosts, or on which.',
    creation: 'Your role doesn’t let you make a job that executes commands or scripts on hosts.',
  },
} as const;

const SAYS_RELABELLED =
  'These labels would change what you yourself may do with this job, which your role doesn’t let you do.';

function refused(
  actor: Actor,
  permission: Permission,
  parts: readonly (keyof JobDefinition)[],
  says: string,
): NotAllowed {
  const message = `${says} ${itTakes(permission)}`;
  return new NotAllowed(permission, actor, {
    message,
    fields: parts.map((part) => ({ path: [part], message })),
  });
}
