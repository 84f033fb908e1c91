import { isDeepStrictEqual } from 'node:util';
import type { JobDefinition } from './definition.ts';
import type { KindName } from './kinds/kinds.ts';

/** What saving a definition can take. */
export const EDIT_PERMISSIONS = ['job:write', 'job:write_when', 'job:write_host'] as const;
export type EditPermission = (typeof EDIT_PERMISSIONS)[number];

/** Which parts of an edit take a permission; one without a part isn't taken. */
export type EditTakes = Partial<Record<EditPermission, (keyof JobDefinition)[]>>;

type Part = keyof JobDefinition;

/** `host`: of a job that is executed on workers' hosts it decides what happens there, or on which of them. */
const TAKES: Readonly<Record<Part, 'what' | 'when' | 'host'>> = {
  key: 'what',
  work: 'host',
  schedule: 'when',
  catchUp: 'when',
  catchUpMost: 'when',
  catchUpPerMinute: 'when',
  startDeadlineMs: 'when',
  // Workers may be bound to queues: another queue may be another host.
  queue: 'host',
  priority: 'what',
  timeoutMs: 'what',
  overlap: 'what',
  maxParallel: 'what',
  mayRunTwice: 'what',
  retry: 'what',
  circuit: 'what',
  autoPause: 'what',
  messages: 'what',
  // What whoever triggers the job may hand to its program.
  parameters: 'host',
  // A signal to the program that runs.
  tellParameters: 'host',
  runsOn: 'host',
  labels: 'what',
  owner: 'what',
  notes: 'what',
  runbookUrl: 'what',
  fields: 'what',
  retentionDays: 'what',
  keepRuns: 'what',
  logLimitBytes: 'what',
};

export const HOST_KINDS: readonly KindName[] = ['command', 'script'];

/** Its runs are processes on a worker's host, with the worker's rights. */
export function runsOnHost({ work }: Pick<JobDefinition, 'work'>): boolean {
  return HOST_KINDS.includes(work.kind);
}

/**
 * What an edit takes, by what it changes. An edit of `when` alone doesn't take job:write, so that an operator may be
 * given schedules and nothing else.
 * @param before null: it can't be read any more, so that everything counts as changed
 */
export function takesOfEdit(before: JobDefinition | null, after: JobDefinition): EditTakes {
  if (before === null) return takesOfAll(after, true);
  const isOnHost = runsOnHost(before) || runsOnHost(after);
  const parts = (Object.keys(TAKES) as Part[]).filter((part) => isChanged(part, before, after));
  return taken(parts, (part) => permissionOf(part, before, after, isOnHost));
}

/** What making a job takes: all that it says, but for a schedule that never fires by itself. */
export function takesOfCreation(definition: JobDefinition): EditTakes {
  return takesOfAll(definition, false);
}

function takesOfAll(definition: JobDefinition, mayHaveHadMore: boolean): EditTakes {
  const takes: EditTakes = { 'job:write': ['key'] };
  if (mayHaveHadMore || definition.schedule.type !== 'manual') {
    takes['job:write_when'] = ['schedule'];
  }
  if (mayHaveHadMore || runsOnHost(definition)) takes['job:write_host'] = ['work'];
  return takes;
}

function isChanged(part: Part, before: JobDefinition, after: JobDefinition): boolean {
  return !isDeepStrictEqual(before[part], after[part]);
}

function permissionOf(
  part: Part,
  before: JobDefinition,
  after: JobDefinition,
  isOnHost: boolean,
): EditPermission {
  if (TAKES[part] === 'when') return 'job:write_when';
  if (TAKES[part] !== 'host' || !isOnHost) return 'job:write';
  // A default is a value that anybody who triggers the job may give as well.
  return part === 'parameters' && isDeepStrictEqual(bounds(before), bounds(after))
    ? 'job:write'
    : 'job:write_host';
}

const bounds = ({ parameters }: JobDefinition) =>
  parameters.map(({ name, type, choices }) => ({ name, type, choices }));

function taken(parts: readonly Part[], of: (part: Part) => EditPermission): EditTakes {
  const takes: EditTakes = {};
  for (const part of parts) (takes[of(part)] ??= []).push(part);
  return takes;
}
