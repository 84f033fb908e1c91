import type { JobDefinition } from '#core/jobs/definition.ts';

/** One part of a definition that is told, compared and chosen as a whole, by its path: `schedule.lines`. */
export type PartId =
  | Exclude<keyof JobDefinition, 'retry'>
  | `work.${DetailOf<JobDefinition['work'], 'kind'>}`
  | `schedule.${DetailOf<JobDefinition['schedule'], 'type'>}`
  | `retry.${keyof JobDefinition['retry']}`;

type DetailOf<Union, Without> = Union extends unknown
  ? Exclude<keyof Union & string, Without>
  : never;

export type PartChange = { part: PartId; before: unknown; after: unknown };

// In the order of the editor, so that a difference reads as the form does.
const ORDER: readonly (keyof JobDefinition)[] = [
  'key',
  'work',
  'parameters',
  'tellParameters',
  'schedule',
  'overlap',
  'maxParallel',
  'catchUp',
  'catchUpMost',
  'catchUpPerMinute',
  'startDeadlineMs',
  'timeoutMs',
  'queue',
  'priority',
  'runsOn',
  'retry',
  'circuit',
  'autoPause',
  'messages',
  'mayRunTwice',
  'owner',
  'labels',
  'notes',
  'runbookUrl',
  'fields',
  'retentionDays',
  'keepRuns',
  'logLimitBytes',
];

/** Which parts differ, in the order of the editor. */
export function changesBetween(before: JobDefinition, after: JobDefinition): PartChange[] {
  return partsOf([before, after])
    .map((part) => ({ part, before: valueAt(before, part), after: valueAt(after, part) }))
    .filter((change) => !isSame(change.before, change.after));
}

/** Every part of one definition with its value, in the order of the editor. */
export function definitionParts(definition: JobDefinition): { part: PartId; value: unknown }[] {
  return partsOf([definition]).map((part) => ({ part, value: valueAt(definition, part) }));
}

export type MergePart = {
  part: PartId;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** Who changed it: one of them, or both, to different values. */
  changedBy: 'me' | 'them' | 'both';
};

/** What two people made of the same revision, part by part; parts that ended up the same are left out. */
export function compareEdits(
  base: JobDefinition,
  mine: JobDefinition,
  theirs: JobDefinition,
): MergePart[] {
  return partsOf([base, mine, theirs]).flatMap((part) => {
    const values = {
      base: valueAt(base, part),
      mine: valueAt(mine, part),
      theirs: valueAt(theirs, part),
    };
    if (isSame(values.mine, values.theirs)) return [];
    const isMine = !isSame(values.base, values.mine);
    const isTheirs = !isSame(values.base, values.theirs);
    return [{ part, ...values, changedBy: isMine && isTheirs ? 'both' : isMine ? 'me' : 'them' }];
  });
}

/** My definition with the given parts as they are in theirs. */
export function takeParts(
  mine: JobDefinition,
  theirs: JobDefinition,
  parts: readonly PartId[],
): JobDefinition {
  const merged = structuredClone(mine) as Record<string, unknown>;
  for (const part of parts) {
    const [field, sub] = split(part);
    const value = structuredClone(valueAt(theirs, part));
    if (sub === undefined) merged[field] = value;
    else (merged[field] as Record<string, unknown>)[sub] = value;
  }
  return merged as JobDefinition;
}

/** A part can be a detail of the work only where all of them are of the same kind; else the work is one part. */
function partsOf(definitions: readonly JobDefinition[]): PartId[] {
  return ORDER.flatMap((field): PartId[] => {
    if (field === 'retry') return detailsOf(definitions, field);
    if (field === 'work' && allSame(definitions.map(({ work }) => work.kind))) {
      return detailsOf(definitions, field);
    }
    if (field === 'schedule' && allSame(definitions.map(formOfSchedule))) {
      return detailsOf(definitions, field);
    }
    return [field];
  });
}

/** An interval that counts from the end of the last run has other details than one with an anchor. */
const formOfSchedule = ({ schedule }: JobDefinition) =>
  schedule.type === 'interval' && schedule.from === 'end' ? 'interval from end' : schedule.type;

function detailsOf(
  definitions: readonly JobDefinition[],
  field: 'work' | 'schedule' | 'retry',
): PartId[] {
  const names = new Set(definitions.flatMap((definition) => Object.keys(definition[field])));
  names.delete('kind');
  names.delete('type');
  return [...names].map((name) => `${field}.${name}` as PartId);
}

function valueAt(definition: JobDefinition, part: PartId): unknown {
  const [field, sub] = split(part);
  const value: unknown = definition[field];
  return sub === undefined ? value : (value as Record<string, unknown>)[sub];
}

function split(part: PartId): [keyof JobDefinition, string | undefined] {
  const [field, sub] = part.split('.');
  return [field as keyof JobDefinition, sub];
}

function allSame(values: readonly string[]): boolean {
  return values.every((value) => value === values[0]);
}

/** By value; the order of a record's keys doesn't count, as it doesn't survive in the database. */
function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    // A number that can't be read isn't the same as none.
    if (Number.isNaN(inner)) return 'NaN';
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  });
}
