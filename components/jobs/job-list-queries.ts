import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { JobList, LabelInUse } from '#core/jobs/reads.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { JobListFilters } from './job-list-address.ts';

/** What the filters offer. */
export type JobChoices = { labels: LabelInUse[]; queues: string[] };

/** Jobs become overdue without any event: the list is asked again now and then even when nothing is heard. */
const ASK_AGAIN_MS = 20_000;

export const jobListQuery = (filters: JobListFilters) =>
  queryOptions({
    queryKey: ['job', 'list', filters],
    queryFn: ({ signal }) =>
      fetchJson<JobList>(`/api/console/jobs?${jobListSearch(filters)}`, signal),
    meta: { topics: ['run', 'installation'], restMs: 1_000 },
    placeholderData: keepPreviousData,
    refetchInterval: ASK_AGAIN_MS,
  });

export const jobChoicesQuery = queryOptions({
  queryKey: ['job', 'choices'],
  queryFn: ({ signal }) => fetchJson<JobChoices>('/api/console/job-choices', signal),
  meta: { topics: ['queue'], restMs: 5_000 },
});

export function jobListSearch(filters: Partial<JobListFilters>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== '') search.append(name, String(one));
    }
  }
  return search;
}
