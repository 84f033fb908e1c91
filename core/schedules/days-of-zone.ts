import { compileSchedule } from './compile.ts';
import { fires } from './fires.ts';

/**
 * The first instants of the `days` days before today and of today, in order, as a zone's calendar has them. Where
 * midnight is skipped the day begins when the clock goes on.
 */
export function startsOfDays(timeZone: string, now: Date, days: number): Date[] {
  const midnights = compileSchedule({ type: 'cron', lines: ['0 0 * * *'], timeZone });
  // Two days more than enough: a day can have 26 hours, and Samoa once had none.
  const after = new Date(now.getTime() - (days + 2) * 86_400_000);
  const starts = [...fires(midnights, { after, until: now })].map(({ at }) => at);
  return starts.slice(-(days + 1));
}
