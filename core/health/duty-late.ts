import type { SaidOfDuty } from './worker-report.ts';

/** A pass that takes longer hangs, or should do less at once. */
const LONG_PASS_MS = 10 * 60_000;

/** How late a duty is: since when it was to have passed well again; a pass that is under way has its time. */
export function dutyLateMs({ failures, underWayMs, overdueMs }: SaidOfDuty): number {
  return failures === 0 && underWayMs !== null ? Math.max(0, underWayMs - LONG_PASS_MS) : overdueMs;
}
