import type { Outcome } from '#core/outcome.ts';
import type { QueueInput } from '#core/queues/queues.ts';

/** The server actions that the page hands down. */
export type QueueActions = {
  create: (input: QueueInput) => Promise<Outcome<{ name: string }>>;
  change: (input: QueueInput) => Promise<Outcome<{ name: string }>>;
};
