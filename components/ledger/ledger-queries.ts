import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { GapPage } from '#core/gaps/gap-page.ts';
import type { LedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import type { Period } from '#core/schedules/periods.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** Which periods; without bounds the usual ones up to now. */
export type SumsAsked = { by: Period; from?: string; to?: string; timeZone: string };

/** Of all jobs. */
export const ledgerSumsQuery = (asked: SumsAsked) =>
  queryOptions({
    queryKey: ['run', 'sums', asked],
    queryFn: ({ signal }) => get<LedgerSums>('ledger-sums', asked, signal),
    meta: { topics: ['job'], restMs: 15_000 },
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });

/** Of one job. */
export const jobSumsQuery = (jobId: number, asked: SumsAsked) =>
  queryOptions({
    queryKey: ['job', jobId, 'sums', asked],
    queryFn: ({ signal }) => get<LedgerSums>('ledger-sums', { jobId, ...asked }, signal),
    meta: { topics: ['run'], restMs: 5_000 },
    placeholderData: keepPreviousData,
  });

/** Which ticks of a gap; without either the newest. */
export type GapPlace = { before?: string; after?: string };

export const gapPageQuery = (jobId: number, gapId: number, place: GapPlace) =>
  queryOptions({
    queryKey: ['job', jobId, 'gap', gapId, place],
    queryFn: ({ signal }) => get<GapPage>('gap-ticks', { gapId, ...place }, signal),
    meta: { topics: ['run'], restMs: 5_000 },
    placeholderData: keepPreviousData,
  });

function get<Body>(
  read: string,
  query: Readonly<Record<string, string | number | undefined>>,
  signal: AbortSignal,
): Promise<Body> {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return fetchJson<Body>(`/api/console/${read}?${new URLSearchParams(given)}`, signal);
}
