import type { Wait } from './states.ts';

/** What a worker remembers of its earlier looks; epoch ms by the database's clock, -Infinity for never. */
export type SeenWaits = {
  /** When this worker began to take runs. */
  lookingSinceMs: number;
  /** When all of its slots were last in use. */
  slotsFullAtMs: number;
  /** When the run's queue last had no room. */
  queueFullAtMs: number;
  /** When the run's queue had last started as many as its rate allows. */
  rateReachedAtMs: number;
};

// What starts within 50 ms of its time counts as punctual and waited for nothing.
const PUNCTUAL_MS = 50;

/**
 * What an attempt waited for between being due and starting, as far as the worker that started it saw; null when it
 * didn't wait. A guess for the reader of a run's page, which no rule depends on.
 */
export function waitedFor(
  run: { dueAt: Date; startedAt: Date; isExclusive: boolean; isProbe: boolean },
  seen: SeenWaits,
): Wait | null {
  const due = run.dueAt.getTime();
  if (run.startedAt.getTime() - due <= PUNCTUAL_MS) return null;
  if (run.isProbe) return 'circuit';
  if (seen.rateReachedAtMs >= due) return 'rate';
  if (seen.queueFullAtMs >= due) return 'queue';
  if (seen.slotsFullAtMs >= due) return 'slot';
  if (seen.lookingSinceMs >= due) return 'worker';
  return run.isExclusive ? 'overlap' : 'worker';
}
