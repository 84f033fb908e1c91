import { z } from 'zod';

/** What Postgres's `integer` holds; a number beyond it names nothing, and the database would refuse to compare it. */
export const MOST_INTEGER = 2_147_483_647;

const rowId = (message: string) =>
  z.int({ error: message }).min(1, message).max(MOST_INTEGER, message);

export const JobId = rowId('There is no such job. Go back to the list of jobs and choose one.');
export const JobIds = z
  .array(JobId)
  .min(1, 'Choose at least one job.')
  .max(10_000, 'Choose at most 10,000 jobs at once.');
export const WorkerId = rowId('There is no such worker. Choose one from the list of workers.');
export const BlackoutId = rowId(
  'There is no such blackout. Choose one from the list of blackouts.',
);
export const BackfillId = rowId('There is no such backfill. Choose one from the job’s list.');
export const ProposalId = rowId('There is no such edit. Look at the job’s page.');
export const InvitationId = rowId('There is no such invitation. Choose one from the list.');
export const RevisionNumber = rowId(
  'There is no such revision. Choose one of the job’s revisions.',
);

const NO_RUN = 'There is no such run. Choose one from the list of runs.';
/** Runs are counted in `bigint`. */
export const RunId = z.int({ error: NO_RUN }).min(1, NO_RUN);

/** As it stands in an address. */
export const fromAddress = <Id extends z.ZodType<number, number>>(id: Id) =>
  z.coerce.number().pipe(id);

export const RunIdInAddress = fromAddress(RunId);
