import { queryOptions } from '@tanstack/react-query';
import type { Trial } from '#core/trials/trials.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** The trials of a job, the newest first. */
export const trialsQuery = ({ id }: { id: number }) =>
  queryOptions({
    queryKey: ['job', id, 'trials'],
    queryFn: ({ signal }) => fetchJson<Trial[]>(`/api/console/trials?jobId=${id}`, signal),
    meta: { topics: ['run'], restMs: 5_000 },
  });
