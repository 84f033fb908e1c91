import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ForecastView, StartsView } from '#core/forecast/read-forecast.ts';
import type { SpreadEffect, SpreadView } from '#core/forecast/spread-jobs.ts';
import type { StretchName } from '#core/forecast/stretches.ts';
import { askJson, fetchJson } from '#components/shell/fetch-json.ts';

/** Time goes by, whether anything changes or not. */
export const forecastQuery = (stretch: StretchName, timeZone: string) =>
  queryOptions({
    queryKey: ['job', 'forecast', stretch, timeZone],
    queryFn: ({ signal }) => get<ForecastView>('forecast', { stretch, timeZone }, signal),
    meta: { topics: ['queue', 'worker', 'installation'], restMs: 15_000 },
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });

export type Bucket = { queue: string | null; from: string; to: string };

export const startsQuery = (stretch: StretchName, timeZone: string, bucket: Bucket) =>
  queryOptions({
    queryKey: ['job', 'forecast-starts', stretch, timeZone, bucket],
    queryFn: ({ signal }) => {
      const { queue, ...time } = bucket;
      const query = { stretch, timeZone, ...time, ...(queue !== null && { queue }) };
      return get<StartsView>('forecast-starts', query, signal);
    },
    meta: { restMs: 15_000 },
  });

/** A proposal is made once: it mustn't change under the eyes of whoever reviews it. */
export const spreadQuery = (
  stretch: StretchName,
  timeZone: string,
  minute: { queue: string; at: string },
) =>
  queryOptions({
    queryKey: ['spread', stretch, timeZone, minute],
    queryFn: ({ signal }) =>
      get<SpreadView>('forecast-spread', { stretch, timeZone, ...minute }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** What the chosen ones of the proposed edits do without the others. */
export const spreadEffectQuery = (
  stretch: StretchName,
  timeZone: string,
  spread: SpreadView,
  chosen: ReadonlySet<number>,
) => {
  const edits = spread.edits.filter(({ jobId }) => chosen.has(jobId));
  return queryOptions({
    queryKey: ['spread-effect', stretch, timeZone, spread.at, edits.map(({ jobId }) => jobId)],
    queryFn: ({ signal }) =>
      askJson<SpreadEffect>(
        '/api/console/forecast-spread-effect',
        {
          stretch,
          timeZone,
          queue: spread.queue,
          jobIds: [...spread.edits, ...spread.left].map(({ jobId }) => jobId),
          edits: edits.map(({ jobId, schedule }) => ({ jobId, schedule })),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
};

function get<Body>(
  read: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Body> {
  return fetchJson<Body>(`/api/console/${read}?${new URLSearchParams(query)}`, signal);
}
