import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { RunDetail } from '#core/runs/read-run.ts';
import type { RunList } from '#core/runs/reads.ts';
import type { RunChart } from '#core/runs/run-chart.ts';
import { RUNS_ON_PAGE, type ShownFilters, type Span, SPANS } from './run-list-address.ts';

/** A run's own page. */
export const runDetail = (id: number) =>
  queryOptions({
    queryKey: ['run', id] as const,
    queryFn: ({ signal }) => fetchJson<RunDetail>(`/api/console/runs/${id}`, signal),
  });

/** A page of the list. */
export const runList = (filters: ShownFilters, cursor: string | null) =>
  queryOptions({
    queryKey: ['run', 'list', filters, cursor] as const,
    queryFn: ({ signal }) => fetchRuns(filters, cursor, RUNS_ON_PAGE, signal),
    meta: { restMs: 1_000 },
    placeholderData: keepPreviousData,
  });

/** How many match, over time; its end moves on with now. */
export const runChart = (filters: ShownFilters, span: Span, timeZone: string) =>
  queryOptions({
    queryKey: ['run', 'chart', filters, span, timeZone] as const,
    queryFn: ({ signal }) =>
      fetchJson<RunChart>(
        `/api/console/run-chart?${searchOf({ ...filters, spanMs: SPANS[span], timeZone })}`,
        signal,
      ),
    meta: { restMs: 3_000, isKept: true },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export function fetchRuns(
  filters: ShownFilters,
  cursor: string | null,
  limit: number,
  signal?: AbortSignal,
): Promise<RunList> {
  return fetchJson<RunList>(`/api/console/runs?${searchOf({ ...filters, cursor, limit })}`, signal);
}

function searchOf(
  given: Readonly<Record<string, string | number | readonly string[] | null>>,
): URLSearchParams {
  return new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) =>
      value === null || String(value) === '' ? [] : [[name, String(value)]],
    ),
  );
}
