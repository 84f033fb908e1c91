'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { useClockText } from '#components/time/now-provider.tsx';
import { jobChartQuery, type JobName } from './job-queries.ts';

/**
 * When the job's next tick starts a run, ISO 8601; null where none comes. That is the tick, or after a blackout. At the very tick the server's word for it is old for a moment:
 * then the next one of the chart takes its place.
 */
export function useNextTick(name: JobName, { nextTickAt }: JobSummary): string | null {
  const { data: chart } = useSuspenseQuery(jobChartQuery(name));
  const { ticks, startsAt } = chart.next;
  const known = [nextTickAt, ...ticks.map(({ at }) => at)].filter((at) => at !== null);
  const next = useClockText((nowMs) => known.find((at) => Date.parse(at) > nowMs) ?? '');
  if (ticks[0]?.blackout) return startsAt;
  return nextTickAt === null || next === '' ? null : next;
}
