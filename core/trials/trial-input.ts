import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { JobDefinition } from '../jobs/definition.ts';
import { refuse, type Refused } from '../outcome.ts';
import { NOT_TO_BE_TRIED, TRIAL_HOURS, TRIAL_RUNS, TRIAL_SHARES } from './tried-parts.ts';

const RUNS_ERROR = `A trial takes ${TRIAL_RUNS.least} to ${TRIAL_RUNS.most} runs of the new revision.`;
const HOURS_ERROR = `A trial takes ${TRIAL_HOURS.least} to ${TRIAL_HOURS.most} hours at most.`;

/** How an edit is to be tried before it counts for all runs. */
export const TrialInput = z.object({
  /** Of 100 runs, so many by the new revision. */
  share: z.union(
    TRIAL_SHARES.map((share) => z.literal(share)),
    { error: `Choose a share: ${TRIAL_SHARES.join(', ')} of 100.` },
  ),
  /** Ended runs of the new revision after which it is compared. */
  untilRuns: z.int(RUNS_ERROR).min(TRIAL_RUNS.least, RUNS_ERROR).max(TRIAL_RUNS.most, RUNS_ERROR),
  /** And the time after which it is compared with what there is. */
  untilHours: z
    .int(HOURS_ERROR)
    .min(TRIAL_HOURS.least, HOURS_ERROR)
    .max(TRIAL_HOURS.most, HOURS_ERROR),
  /** Labels that a worker must have to take runs of the new revision; none: any worker. */
  runsOn: z.record(z.string().min(1).max(63), z.string().max(200)).default({}),
});
export type TrialInput = z.input<typeof TrialInput>;

/** Null where the edit can be tried. */
export function refuseUntriable(
  before: JobDefinition | null,
  after: JobDefinition,
): Refused | null {
  if (before === null) {
    return refuse('invalid', 'What is saved can’t be read, so there is nothing to compare with.');
  }
  const different = NOT_TO_BE_TRIED.filter((part) => !isDeepStrictEqual(before[part], after[part]));
  if (different.length === 0) return null;
  const message = `An edit of ${different.join(', ')} holds for all runs and can’t be tried on some. Save it for all, or take that change out first.`;
  return refuse('invalid', message);
}
