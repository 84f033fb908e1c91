import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { QueueSummary } from '#core/queues/reads.ts';

export const queueList = queryOptions({
  queryKey: ['queue', 'list'] as const,
  queryFn: ({ signal }) => fetchJson<QueueSummary[]>('/api/console/queues', signal),
  // What waits and runs changes with runs and workers.
  meta: { topics: ['run', 'worker', 'job'] },
});
