import { compileSchedule } from './compile.ts';
import { fires, latestFire } from './fires.ts';
import type { Period } from './periods.ts';

const LINES: Readonly<Record<Period, string>> = {
  hour: '0 * * * *',
  day: '0 0 * * *',
  month: '0 0 1 * *',
};
/** A month and what a zone can leave out. */
const LONGEST_MS = 35 * 86_400_000;

/**
 * The first instants of the hours, days or months that [from, to) lies in, as a zone's clock has them, and where the last
 * of them ends. A day has 23 to 25 hours where the clocks change.
 */
export function edgesOfPeriods(timeZone: string, period: Period, from: Date, to: Date): Date[] {
  const begins = compileSchedule({ type: 'cron', lines: [LINES[period]], timeZone });
  const after = new Date(from.getTime() - LONGEST_MS);
  const first = latestFire(begins, { after, until: from })?.at ?? from;
  const edges = [first];
  for (const { at } of fires(begins, { after: first })) {
    edges.push(at);
    if (at >= to) break;
  }
  return edges;
}
