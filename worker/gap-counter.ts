import type pg from 'pg';
import type { Logger } from 'pino';
import { once, sqlOf } from '#core/db.ts';
import { announce } from '#core/events/events.ts';
import { readUncountedGaps, setTicksIfUncounted, type UncountedGap } from '#core/gaps/gaps.sql.ts';
import { compileSchedule } from '#core/schedules/compile.ts';
import { countFires } from '#core/schedules/fires.ts';
import { Schedule } from '#core/schedules/schedule.ts';
import type { Duty } from './duty.ts';

export type GapCounterConfig = { pool: pg.Pool; logger: Logger; intervalMs?: number };

const BATCH = 100;

/**
 * Counts the ticks of gaps that have ended, so that whoever ends a pause of 10,000 jobs needn't. A gap that can't be
 * counted (its revision has a schedule that this version doesn't know) stays uncounted and is told once.
 */
export function createGapCounter({ pool, logger, intervalMs = 5_000 }: GapCounterConfig): Duty {
  const sql = sqlOf(pool);
  const aside = new Set<number>();

  return { name: 'gap-counter', intervalMs, runOnce };

  async function runOnce() {
    const gaps = await readUncountedGaps(sql, { limit: BATCH, asideIds: [...aside] });
    const counted = gaps.flatMap((gap) => countOrPutAside(gap) ?? []);
    const written = counted.length > 0 ? await once(() => setTicksIfUncounted(sql, counted)) : [];
    if (written.length > 0) {
      await announce(sql, 'job', [...new Set(written.map(({ jobId }) => jobId))]);
    }
    const counts = { gaps: written.length };
    return gaps.length === BATCH ? { counts, nextInMs: 0 } : { counts };
  }

  function countOrPutAside(gap: UncountedGap): { id: number; to: Date; ticks: number } | null {
    try {
      return { id: gap.id, to: gap.to, ticks: ticksIn(gap) };
    } catch (error) {
      aside.add(gap.id);
      logger.error({ err: error, gapId: gap.id, jobId: gap.jobId }, 'gap can’t be counted');
      return null;
    }
  }
}

function ticksIn({ from, to, savedSchedule }: UncountedGap): number {
  // countFires takes (from, to], a gap is [from, to); fires are whole milliseconds.
  const before = (instant: Date) => new Date(instant.getTime() - 1);
  return countFires(compileSchedule(Schedule.parse(savedSchedule)), before(from), before(to));
}
