import { expect, it } from 'vitest';
import { FAULTS, type FaultNumber } from './list.ts';
import type { Row } from './row.ts';
import { CannotBeMade, openWorld, type World } from './world.ts';

/** How a fault is made. */
export type Making = {
  /** How often, with the real times (`--all`). */
  all: number;
  /** How often, with a tenth of them; left out where it takes too long for the test command. */
  quick?: number;
  /** How long a scenario may take with the real times, minutes; default 10. */
  minutes?: number;
  /** A PostgreSQL of its own, with these settings, for what breaks it. */
  server?: Readonly<Record<string, string>>;
  /** Its database's clock can be moved. */
  clock?: boolean;
  /** Its database begins with the schema of an older version: the last of its migrations. */
  schema?: string;
};

/** With the real leases and heartbeats, and every fault. */
export const IS_ALL = process.env['PUNCTUAL_FAULTS'] === 'all';

const MOST_FINDINGS = 20;

/**
 * A fault that Punctual survives: `make` builds an installation in the world that it is given, breaks something, and mends
 * it again. Then the world waits until all that was due has ended, and the checker holds ticks, ledger, executions and
 * log lines against each other. The row goes to the table (run.ts).
 */
export function fault(
  number: FaultNumber,
  { all, quick, minutes = 10, server, clock = false, schema }: Making,
  make: (world: World) => Promise<void>,
): void {
  const rounds = IS_ALL ? all : quick;
  const timeout = IS_ALL ? minutes * 60_000 : 300_000;
  const name = FAULTS[number];
  it.skipIf(rounds === undefined)(
    `fault ${number}: ${name}`,
    { timeout },
    async ({ task, skip }) => {
      const since = performance.now();
      const world = await openWorld({
        name: String(number),
        rounds: rounds ?? 0,
        scale: IS_ALL ? 1 : 0.1,
        server,
        clock,
        schema,
      });
      const row = await survive(world, make, { number, name });
      row.tookMs = Math.round(performance.now() - since);
      task.meta.fault = row;
      if (row.result === 'not run') skip(row.reason ?? '');
      expect(row.findings).toEqual([]);
      expect(row.result).toBe('passed');
    },
  );
}

/** Breaks the world, and holds it against the checker. `tookMs` is the caller's to fill in. */
export async function survive(
  world: World,
  make: (world: World) => Promise<void>,
  which: Pick<Row, 'number' | 'name'>,
): Promise<Row> {
  const row: Row = {
    ...which,
    result: 'failed',
    reason: null,
    rounds: world.rounds,
    times: world.scale === 1 ? 'real' : 'a tenth',
    expected: 0,
    ran: 0,
    doubled: 0,
    unaccounted: 0,
    linesLost: 0,
    longestOutageMs: null,
    recoverMs: null,
    findings: [],
    notes: world.notes,
    tookMs: 0,
  };
  try {
    await make(world);
    const { verdict, longestOutageMs, recoverMs, findings } = await world.settle();
    const all = [...findings, ...verdict.doubled, ...verdict.unaccounted, ...verdict.lost];
    Object.assign(row, {
      rounds: world.rounds,
      result: all.length === 0 ? 'passed' : 'failed',
      expected: verdict.expected,
      ran: verdict.ran,
      doubled: verdict.doubled.length,
      unaccounted: verdict.unaccounted.length,
      linesLost: verdict.linesLost,
      longestOutageMs,
      recoverMs,
      findings: all.slice(0, MOST_FINDINGS),
    } satisfies Partial<Row>);
  } catch (error) {
    if (error instanceof CannotBeMade) {
      row.result = 'not run';
      row.reason = error.message;
    } else {
      row.findings = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    }
  }
  return row;
}
