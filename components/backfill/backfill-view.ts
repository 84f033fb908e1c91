import type { z } from 'zod';
import type { StartBackfillInput } from '#core/backfill/backfill-input.ts';
import type {
  CancelBackfill,
  ChangeBackfill,
  ChangeBackfillRate,
  ChangedBackfill,
} from '#core/backfill/change-backfill.ts';
import type { StartedBackfill } from '#core/backfill/start-backfill.ts';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { Outcome } from '#core/outcome.ts';

/** The job that is backfilled. */
export type JobToBackfill = {
  id: number;
  key: string;
  revision: number;
  isDeleted: boolean;
  runsSideBySide: boolean;
  parameters: readonly Parameter[];
};

export type StartAction = (input: StartBackfillInput) => Promise<Outcome<StartedBackfill>>;

/** The server actions that the page of one backfill hands down. */
export type BackfillActions = {
  pauseBackfill: (input: z.input<typeof ChangeBackfill>) => Promise<Outcome<ChangedBackfill>>;
  goOnWithBackfill: (input: z.input<typeof ChangeBackfill>) => Promise<Outcome<ChangedBackfill>>;
  cancelBackfill: (input: z.input<typeof CancelBackfill>) => Promise<Outcome<{ ended: number }>>;
  changeBackfillRate: (
    input: z.input<typeof ChangeBackfillRate>,
  ) => Promise<Outcome<ChangedBackfill>>;
};
