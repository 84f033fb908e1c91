import { setTimeout as pause } from 'node:timers/promises';

type UntilOptions = { timeoutMs?: number; everyMs?: number; what?: string };

/**
 * Asks `probe` until it gives something truthy, and returns that. For conditions that announce themselves nowhere else
 * than in the database or in another process.
 *
 * @throws Error naming `what` and the last answer when `timeoutMs` (10 s) is over
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20, what = 'the condition' }: UntilOptions = {},
): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer as Exclude<NonNullable<T>, false>;
    if (performance.now() > deadline) {
      throw new Error(
        `Waited ${timeoutMs} ms in vain for ${what}; the last answer was ${JSON.stringify(answer)}.`,
      );
    }
    await pause(everyMs);
  }
}
