import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { WorkerSummary } from '#core/workers/workers.ts';

const HEARTBEATS_MS = 10_000;

export const workerList = queryOptions({
  queryKey: ['worker', 'list'] as const,
  queryFn: ({ signal }) => fetchJson<WorkerSummary[]>('/api/console/workers', signal),
  meta: { topics: ['run'] },
  // A heartbeat announces nothing: it would wake every browser for each worker.
  refetchInterval: HEARTBEATS_MS,
});
