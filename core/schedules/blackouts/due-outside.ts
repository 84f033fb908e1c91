import type { Coverage } from './coverage.ts';

/** When something that would be due in a blackout is due instead. */
export interface Due {
  readonly ms: number;
  /** The blackout that it waits for. */
  readonly heldBy: number | null;
}

/** What is made up for never becomes due in a blackout: it waits for its end, unless that has none. */
export function dueOutside(coverage: Coverage, ms: number): Due {
  if (coverage.isEmpty) return { ms, heldBy: null };
  const dueMs = coverage.freeFrom(ms);
  // Where blackouts have no end, nothing would wait for them in sight.
  if (dueMs === ms || !Number.isFinite(dueMs)) return { ms, heldBy: null };
  return { ms: dueMs, heldBy: coverage.partAt(ms)?.blackout.id ?? null };
}

/** So long after now, counted from the end of the blackout that is on now. */
export function dueAfter(coverage: Coverage, nowMs: number, afterMs: number): Due {
  const first = dueOutside(coverage, nowMs);
  const due = dueOutside(coverage, first.ms + afterMs);
  return { ms: due.ms, heldBy: due.heldBy ?? first.heldBy };
}
