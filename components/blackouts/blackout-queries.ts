import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { BlackoutChoices } from '#core/blackouts/choices.ts';
import type { BlackoutPreview } from '#core/blackouts/preview-blackout.ts';
import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import { askJson, fetchJson } from '#components/shell/fetch-json.ts';
import type { BlackoutInput } from './blackout-actions.ts';

export const blackoutList = queryOptions({
  queryKey: ['blackout', 'list'] as const,
  queryFn: ({ signal }) => fetchJson<BlackoutSummary[]>('/api/console/blackouts', signal),
  // How many jobs each hits.
  meta: { topics: ['job'], restMs: 5_000 },
  // Windows begin and end by time alone.
  refetchInterval: 15_000,
});

export const blackoutQuery = (id: number) =>
  queryOptions({
    queryKey: ['blackout', 'detail', id] as const,
    queryFn: ({ signal }) => fetchJson<BlackoutSummary>(`/api/console/blackout?id=${id}`, signal),
  });

export const blackoutChoices = queryOptions({
  queryKey: ['job', 'blackout-choices'] as const,
  queryFn: ({ signal }) => fetchJson<BlackoutChoices>('/api/console/blackout-choices', signal),
  meta: { restMs: 30_000 },
});

// What is typed isn't saved, so no event makes it old.
export const blackoutPreview = (typed: Pick<BlackoutInput, 'effect' | 'times' | 'scope'>) =>
  queryOptions({
    queryKey: ['typed-blackout', typed] as const,
    queryFn: ({ signal }) =>
      askJson<BlackoutPreview>('/api/console/blackout-preview', typed, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
