import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { CalendarRevision } from '#core/calendars/calendar-revisions.ts';
import type { CalendarEffects } from '#core/calendars/preview-calendar.ts';
import type { CalendarDetail, CalendarSummary } from '#core/calendars/read-calendars.ts';
import type { CalendarDefinition } from '#core/schedules/calendars/definition.ts';
import type { Place } from '#core/schedules/calendars/places.ts';
import type { CalendarYear } from '#core/schedules/calendars/year-days.ts';
import { askJson, fetchJson } from '#components/shell/fetch-json.ts';

export const calendarList = queryOptions({
  queryKey: ['calendar', 'list'] as const,
  queryFn: ({ signal }) => fetchJson<CalendarSummary[]>('/api/console/calendars', signal),
  // How many jobs use each.
  meta: { topics: ['job'], restMs: 5_000 },
});

export const calendarQuery = (key: string) =>
  queryOptions({
    queryKey: ['calendar', 'detail', key] as const,
    queryFn: ({ signal }) =>
      fetchJson<CalendarDetail>(`/api/console/calendar?${new URLSearchParams({ key })}`, signal),
    meta: { topics: ['job'], restMs: 5_000 },
  });

export const calendarRevisionsQuery = (key: string) =>
  queryOptions({
    queryKey: ['calendar', 'revisions', key] as const,
    queryFn: ({ signal }) =>
      fetchJson<CalendarRevision[]>(
        `/api/console/calendar-revisions?${new URLSearchParams({ key })}`,
        signal,
      ),
  });

export const calendarYearQuery = (key: string, year: number) =>
  queryOptions({
    queryKey: ['calendar', 'year', key, year] as const,
    queryFn: ({ signal }) =>
      fetchJson<CalendarYear>(
        `/api/console/calendar-year?${new URLSearchParams({ key, year: String(year) })}`,
        signal,
      ),
    placeholderData: keepPreviousData,
  });

// What follows isn't saved, so no event makes it old.

export const typedYearQuery = (definition: CalendarDefinition, year: number) =>
  queryOptions({
    queryKey: ['typed-calendar', 'year', year, definition] as const,
    queryFn: ({ signal }) =>
      askJson<CalendarYear>('/api/console/calendar-year', { definition, year }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const effectsQuery = (key: string, definition: CalendarDefinition) =>
  queryOptions({
    queryKey: ['typed-calendar', 'effects', key, definition] as const,
    queryFn: ({ signal }) =>
      askJson<CalendarEffects>('/api/console/calendar-effects', { key, definition }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const regionsQuery = (country: string) =>
  queryOptions({
    queryKey: ['calendar-regions', country] as const,
    queryFn: ({ signal }) =>
      fetchJson<Place[]>(
        `/api/console/calendar-regions?${new URLSearchParams({ country })}`,
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
