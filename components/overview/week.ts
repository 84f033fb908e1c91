import type { DayOfWeek } from '#core/overview/week.ts';

/** Days before anything was there say nothing: the oldest without a run are left out. */
export function withoutEmptyBegin(days: readonly DayOfWeek[]): DayOfWeek[] {
  const first = days.findLastIndex(({ ran, skipped, cancelled }) => ran + skipped + cancelled > 0);
  return days.slice(0, first + 1);
}

/** How many of a hundred succeeded, cut to one decimal: 100 stands for all of them and nothing less. */
export function shareOf({ ran, failed }: Pick<DayOfWeek, 'ran' | 'failed'>): number | null {
  if (ran === 0) return null;
  return Math.floor(((ran - failed) / ran) * 1_000) / 10;
}
