import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { HealthView } from '#core/health/read-health.ts';

export const healthQuery = queryOptions({
  queryKey: ['installation', 'health'],
  queryFn: ({ signal }) => fetchJson<HealthView>('/api/console/health', signal),
  meta: { topics: ['worker'], restMs: 2_000 },
  // What gets worse by time alone announces nothing.
  refetchInterval: 5_000,
});
