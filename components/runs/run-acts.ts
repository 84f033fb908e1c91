import type { z } from 'zod';
import type { Right } from '#core/auth/right.ts';
import type { Outcome } from '#core/outcome.ts';
import type { CancelRuns } from '#core/runs/cancel-by-hand.ts';
import type { Requested, Several } from '#core/runs/requests.ts';
import type { RetryRuns, RunAgain, RunAsTest } from '#core/runs/retry-by-hand.ts';

/** What the reader may do with the runs of which jobs; the use-cases look again. */
export type RunRights = { retry: Right; cancel: Right };

/** The same on the page of one run. */
export type OneRunRights = { retry: boolean; cancel: boolean; test: boolean };

/** The server actions that the pages hand down. */
export type RunActions = {
  cancel: (
    input: z.input<typeof CancelRuns>,
  ) => Promise<Outcome<{ cancelled: number[]; requested: number[]; finished: number }>>;
  retry: (input: z.input<typeof RetryRuns>) => Promise<Outcome<Several>>;
  runAgainWith: (input: z.input<typeof RunAgain>) => Promise<Outcome<Requested>>;
};

export type OneRunActions = RunActions & {
  runAsTest: (input: z.input<typeof RunAsTest>) => Promise<Outcome<Requested>>;
};
