import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ForecastView, StartsView } from '#core/forecast/read-forecast.ts';
import type { SpreadView } from '#core/forecast/spread-jobs.ts';
import type { StretchName } from '#core/forecast/stretches.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

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

function get<Body>(
  read: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Body> {
  return fetchJson<Body>(`/api/console/${read}?${new URLSearchParams(query)}`, signal);
}
