import { queryOptions } from '@tanstack/react-query';
import type { DayStrip } from '#core/overview/day.ts';
import type { Overview } from '#core/overview/overview.ts';
import type { DayOfWeek } from '#core/overview/week.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** A job becomes overdue without any event: what needs somebody is asked again now and then all the same. */
export const overviewQuery = queryOptions({
  queryKey: ['job', 'overview'],
  queryFn: ({ signal }) => fetchJson<Overview>('/api/console/overview', signal),
  meta: { topics: ['run', 'queue', 'worker', 'installation'], restMs: 2_000 },
  refetchInterval: 15_000,
});

/** Time goes by in the strip, whether anything happens or not. */
export const dayQuery = queryOptions({
  queryKey: ['run', 'day'],
  queryFn: ({ signal }) => fetchJson<DayStrip>('/api/console/overview-day', signal),
  meta: { topics: ['job', 'installation'], restMs: 5_000, isKept: true },
  refetchInterval: 60_000,
});

/** Days that are over hardly change: only a run that ends after midnight, or a retry. */
export const weekQuery = (timeZone: string) =>
  queryOptions({
    queryKey: ['run', 'week', timeZone],
    queryFn: ({ signal }) =>
      fetchJson<DayOfWeek[]>(
        `/api/console/overview-week?${new URLSearchParams({ timeZone })}`,
        signal,
      ),
    meta: { restMs: 60_000, isKept: true },
    refetchInterval: 300_000,
  });
