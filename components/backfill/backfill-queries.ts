import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { OccurrencePage } from '#core/backfill/list-occurrences.ts';
import type { BackfillPreview } from '#core/backfill/preview.ts';
import type { Backfill, BackfillDetail } from '#core/backfill/read-backfill.ts';
import type { BackfillRule } from '#core/backfill/words.ts';
import type { RunList } from '#core/runs/reads.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** The job's backfills, the newest first, as they go on. */
export const backfillsQuery = (jobId: number) =>
  queryOptions({
    queryKey: ['job', jobId, 'backfills'],
    queryFn: ({ signal }) => get<Backfill[]>('backfills', { jobId }, signal),
    meta: { topics: ['run'], restMs: 1_000 },
  });

export const backfillQuery = (id: number) =>
  queryOptions({
    queryKey: ['run', 'backfill', id],
    queryFn: ({ signal }) => get<BackfillDetail>('backfill', { id }, signal),
    meta: { topics: ['job'], restMs: 1_000 },
    // How long it still takes goes by with time.
    refetchInterval: 15_000,
  });

/** The latest of its runs. */
export const backfillRunsQuery = (jobKey: string, id: number) =>
  queryOptions({
    queryKey: ['run', 'of-backfill', id],
    queryFn: ({ signal }) => get<RunList>('runs', { jobKey, backfillId: id, limit: 20 }, signal),
    meta: { restMs: 1_000 },
  });

/** What a form asks for, as the server is given it. */
export type AskedBackfill = {
  from: string;
  to?: string;
  rule: BackfillRule;
  picked: readonly string[];
  newestFirst: boolean;
  perMinute: number;
  atOnce: number;
};

export const backfillPreviewQuery = (jobId: number, asked: AskedBackfill) =>
  queryOptions({
    queryKey: ['job', jobId, 'backfill-preview', asked],
    queryFn: ({ signal }) => {
      const { to, picked, ...rest } = asked;
      return get<BackfillPreview>(
        'backfill-preview',
        {
          jobId,
          ...rest,
          ...(to !== undefined && { to }),
          ...(asked.rule === 'pick' && { picked: picked.join(',') }),
        },
        signal,
      );
    },
    meta: { topics: ['run', 'queue', 'installation'], restMs: 3_000 },
    placeholderData: keepPreviousData,
    retry: 1,
  });

export type OccurrenceFilter = {
  from: string;
  to?: string;
  newestFirst: boolean;
  onlyWithoutSuccess: boolean;
};

/** The occurrences of a stretch, page by page. */
export const occurrencesQuery = (jobId: number, filter: OccurrenceFilter) =>
  infiniteQueryOptions({
    queryKey: ['backfill-occurrences', jobId, filter],
    queryFn: ({ pageParam, signal }) => {
      const { to, ...rest } = filter;
      return get<OccurrencePage>(
        'backfill-occurrences',
        {
          jobId,
          ...rest,
          ...(to !== undefined && { to }),
          ...(pageParam !== null && { after: pageParam }),
        },
        signal,
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: OccurrencePage) => page.after,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

function get<Body>(
  read: string,
  query: Readonly<Record<string, string | number | boolean>>,
  signal: AbortSignal,
): Promise<Body> {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return fetchJson<Body>(`/api/console/${read}?${new URLSearchParams(given)}`, signal);
}
