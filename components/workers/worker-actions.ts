import type { Outcome } from '#core/outcome.ts';

/** The server actions that the page hands down. */
export type WorkerActions = {
  drain: (input: { workerId: number }) => Promise<Outcome<null>>;
  takeBack: (input: { workerId: number }) => Promise<Outcome<null>>;
};
