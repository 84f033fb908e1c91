import { queryOptions } from '@tanstack/react-query';
import type { Proposal } from '#core/proposals/read-proposals.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** The edit of a job that waits for a second person; null: none does. */
export const proposalQuery = ({ id }: { id: number }) =>
  queryOptions({
    queryKey: ['job', id, 'proposal'],
    queryFn: ({ signal }) =>
      fetchJson<Proposal | null>(`/api/console/proposal?jobId=${id}`, signal),
  });
