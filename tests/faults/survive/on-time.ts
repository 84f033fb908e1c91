import { until } from '#tests/support/wait.ts';
import type { World } from '../world.ts';
import { LEASE_MS } from './rounds.ts';

export const HOUR_MS = 3_600_000;
// Not the lag that is usual, which the row tells: how far off a machine with much to do may be for a while.
const ON_TIME_MS = 10_000;

/** A job begins on time, by the database's clock as it is off now. */
export async function untilOnTime(world: World, byMs: number): Promise<void> {
  const isOnTime = () =>
    world
      .record()
      .slice(-50)
      .some(
        ({ what, at, told }) =>
          what === 'start' &&
          Math.abs(at + byMs - told) < ON_TIME_MS &&
          Date.now() - at < ON_TIME_MS,
      );
  await until(isOnTime, {
    timeoutMs: world.ms(2 * LEASE_MS) + 60_000,
    everyMs: 100,
    what: `runs on time, ${byMs / 1000} s off the host's clock`,
  });
}
