import type { ScheduleHistory } from '../jobs/schedule-history.sql.ts';
import { isAfterEnd } from '../jobs/reigns.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import type { Timing } from '../schedules/timing.ts';

/** [fromMs, toMs) of one revision of a job. */
export type Reign = {
  fromMs: number;
  toMs: number;
  revision: number;
  /** Null: this version can't read its schedule. */
  timing: Timing | null;
  /** Its ticks count from the end of runs: nothing but their rows says when they were. */
  isAfterEnd: boolean;
};

/** A part of the stretch in which one revision holds, either in one gap or in none; no revision: the job wasn't there. */
export type Stretch = {
  fromMs: number;
  toMs: number;
  reign: Reign | null;
  gap: ScheduleHistory['gaps'][number] | null;
};

/** Which revision held when, as the edits say, in [fromMs, toMs). */
export function reignsOf(
  { revisions, deletedAt }: Pick<ScheduleHistory, 'revisions' | 'deletedAt'>,
  fromMs: number,
  toMs: number,
): Reign[] {
  const endMs = Math.min(toMs, deletedAt?.getTime() ?? toMs);
  return revisions.flatMap(({ number, savedAt, schedule }, index) => {
    const next = revisions[index + 1];
    // An edit counts from the next millisecond on: a tick at its very instant is the old revision's.
    const reign = {
      fromMs: Math.max(fromMs, savedAt.getTime() + 1),
      toMs: Math.min(endMs, next ? next.savedAt.getTime() + 1 : endMs),
    };
    if (reign.fromMs >= reign.toMs) return [];
    const timing = savedFires(schedule);
    return [{ ...reign, revision: number, timing, isAfterEnd: isAfterEnd(schedule) }];
  });
}

/** The whole of [fromMs, toMs) in stretches, in order and without holes. */
export function stretchesOf(
  reigns: readonly Reign[],
  gaps: ScheduleHistory['gaps'],
  fromMs: number,
  toMs: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  let atMs = fromMs;
  const take = (untilMs: number, gap: Stretch['gap']) => {
    for (const part of byReign(reigns, atMs, untilMs)) stretches.push({ ...part, gap });
    atMs = Math.max(atMs, untilMs);
  };
  for (const gap of gaps) {
    const gapFromMs = Math.max(atMs, gap.from.getTime());
    const gapToMs = Math.min(toMs, gap.to?.getTime() ?? toMs);
    if (gapFromMs >= gapToMs) continue;
    take(gapFromMs, null);
    take(gapToMs, gap);
  }
  take(toMs, null);
  return stretches;
}

function byReign(reigns: readonly Reign[], fromMs: number, toMs: number): Omit<Stretch, 'gap'>[] {
  const parts: Omit<Stretch, 'gap'>[] = [];
  let atMs = fromMs;
  for (const reign of reigns) {
    const partFromMs = Math.max(atMs, reign.fromMs);
    const partToMs = Math.min(toMs, reign.toMs);
    if (partFromMs >= partToMs) continue;
    if (partFromMs > atMs) parts.push({ fromMs: atMs, toMs: partFromMs, reign: null });
    parts.push({ fromMs: partFromMs, toMs: partToMs, reign });
    atMs = partToMs;
  }
  if (atMs < toMs) parts.push({ fromMs: atMs, toMs, reign: null });
  return parts;
}

/** How often a schedule fires in [fromMs, toMs). */
export function ticksIn(timing: Timing | null, fromMs: number, toMs: number): number {
  // Timing counts (from, to]; fires are whole milliseconds.
  return timing === null || fromMs >= toMs ? 0 : timing.count(fromMs - 1, toMs - 1);
}
