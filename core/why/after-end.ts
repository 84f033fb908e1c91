import type { Coverage } from '../schedules/blackouts/coverage.ts';
import { type FromEnd, tickAfterEnd } from '../schedules/from-end.ts';
import type { BlackoutAhead } from './snapshot.ts';
import type { SituationRow } from './snapshot.sql.ts';

type Facts = Pick<
  SituationRow,
  'nowMs' | 'nextTickAtMs' | 'lastEndAtMs' | 'liveTick' | 'ended' | 'pausedAtMs' | 'allPausedMs'
>;

/** When a tick comes that counts from the end of runs: after the run that lasts nobody knows. */
export function fireAfterEnd(
  row: Facts,
  schedule: FromEnd,
  coverage: Coverage,
  afterMs: number,
): number | null {
  const { liveTick } = row;
  if (liveTick) return liveTick.scheduledForMs > afterMs ? liveTick.scheduledForMs : null;
  const isPaused = row.pausedAtMs !== null || row.allPausedMs !== null;
  if (!isPaused && row.nextTickAtMs !== null && row.nextTickAtMs > afterMs) return row.nextTickAtMs;
  return tickAfterEnd(schedule, { lastEndMs: lastEndOf(row), nowMs: afterMs + 1, coverage });
}

/** The blackout to whose end such a tick is put off; null where there is none. */
export function blackoutPutsOff(
  row: Facts,
  schedule: FromEnd,
  coverage: Coverage,
): BlackoutAhead | null {
  if (coverage.isEmpty || row.liveTick !== null) return null;
  const plainMs = tickAfterEnd(schedule, { lastEndMs: lastEndOf(row), nowMs: row.nowMs });
  const part = plainMs === null ? null : coverage.partAt(plainMs);
  if (plainMs === null || part === null) return null;
  const freeMs = coverage.freeFrom(plainMs);
  const untilMs = Number.isFinite(freeMs) ? freeMs : null;
  const { name, createdBy: by } = part.blackout;
  return { name, by, effect: 'put_off', untilMs, runsAtMs: untilMs, tickMs: plainMs };
}

function lastEndOf({ ended, lastEndAtMs }: Facts): number | null {
  const ends = ended.flatMap(({ isTick, finishedAtMs }) => (isTick ? [finishedAtMs] : []));
  return ends.length === 0 ? lastEndAtMs : Math.max(...ends, lastEndAtMs ?? 0);
}
