// Apart from the schema, so that a browser needn't load zod for them.

export const TRIAL_SHARES = [10, 25, 50] as const;
export type TrialShare = (typeof TRIAL_SHARES)[number];

/** Ended runs of the new revision, and hours, that a trial may take. */
export const TRIAL_RUNS = { least: 5, most: 1_000 } as const;
export const TRIAL_HOURS = { least: 1, most: 720 } as const;

/**
 * What both revisions must have in common: the ticks, and how runs of the job stand to each other. Runs of two revisions
 * lie mixed, so there is one answer to each of these.
 */
export const NOT_TO_BE_TRIED = [
  'key',
  'schedule',
  'parameters',
  'tellParameters',
  'overlap',
  'maxParallel',
  'catchUp',
  'catchUpMost',
  'catchUpPerMinute',
  'startDeadlineMs',
  'queue',
] as const;
