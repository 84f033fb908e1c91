import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { PauseTicks, PauseToAnswer } from '#core/jobs/read-pause.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** What fell into the pause of these jobs so far; null: of everything. Counted anew whenever somebody asks. */
export const pauseQuery = (jobIds: readonly number[] | null) =>
  queryOptions({
    queryKey: ['pause', jobIds],
    queryFn: ({ signal }) =>
      fetchJson<PauseToAnswer>(
        `/api/console/pause${jobIds === null ? '' : `?jobIds=${jobIds.join(',')}`}`,
        signal,
      ),
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  });

/** The occurrences in a job's pause, page by page, newest first. */
export const pauseTicksQuery = (jobId: number) =>
  infiniteQueryOptions({
    queryKey: ['pause', jobId, 'ticks'],
    queryFn: ({ pageParam, signal }) =>
      fetchJson<PauseTicks>(
        `/api/console/pause-ticks?${new URLSearchParams({
          jobId: String(jobId),
          ...(pageParam === null ? {} : { before: pageParam }),
        })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: PauseTicks) => page.before,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
