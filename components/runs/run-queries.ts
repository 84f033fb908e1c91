import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { RunDetail } from '#core/runs/read-run.ts';

/** A run's own page. */
export const runDetail = (id: number) =>
  queryOptions({
    queryKey: ['run', id] as const,
    queryFn: ({ signal }) => fetchJson<RunDetail>(`/api/console/runs/${id}`, signal),
  });
