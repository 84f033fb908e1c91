'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { ScheduleAnswer, SchedulePreview } from '#core/jobs/preview-schedule.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { askJson } from '#components/shell/fetch-json.ts';
import { recordOf, scheduleOf } from './definition-of-form.ts';
import type { EditorForm } from './editor-form.ts';
import type { TypedBlackout } from './schedule-preview.ts';
import { useCoarseNow, useScheduleTools } from './use-schedule-tools.ts';

export const TICKS = 20;

/** What the schedule that is being typed would do; null where it can't be read (yet). */
export type ScheduleAhead =
  | { state: 'loading' | 'manual' | 'unreadable' | 'unreachable' }
  | { state: 'refused'; problem: string }
  | ({ state: 'known' } & SchedulePreview);

/**
 * Reckons in the browser as one types. A calendar isn't there: where one has a say, the server is asked a moment after the
 * last key.
 */
export function useScheduleAhead(
  job: { id: number; schedule: Schedule } | null,
  days: number,
): { ahead: ScheduleAhead; schedule: Schedule; key: string } {
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { control } = useFormContext<EditorForm>();
  const form = useDeferredValue(useWatch({ control, name: 'schedule' }));
  const key = useDeferredValue(useWatch({ control, name: 'key' })).trim();
  const schedule = useMemo(() => scheduleOf(form), [form]);
  const saved = job?.schedule ?? null;
  const placed = usePlace(job?.id);
  const { data: blackouts } = useQuery(typedBlackoutsQuery(useSettled(JSON.stringify(placed))));
  const isServed = hasCalendar(schedule) || (saved !== null && hasCalendar(saved));
  const own = useMemo((): ScheduleAhead => {
    if (tools === null || isServed) return { state: 'loading' };
    const now = new Date(nowMs);
    const typedFor = { key, coverage: tools.coverageOf(blackouts ?? []) };
    const ticks = tools.previewTicks(schedule, saved, now, TICKS, typedFor);
    if (ticks === null) return { state: 'unreadable' };
    const difference = saved && tools.previewDifference(schedule, saved, now, days, typedFor);
    return { state: 'known', ticks, difference };
  }, [tools, isServed, schedule, saved, nowMs, key, days, blackouts]);
  const served = useServed(isServed, { schedule, key, days, ...placed });
  const ahead = isServed ? served : own;
  return {
    ahead:
      schedule.type === 'manual' && (saved === null || saved.type === 'manual')
        ? { state: 'manual' }
        : ahead,
    schedule,
    key,
  };
}

const hasCalendar = (schedule: Schedule) =>
  schedule.type !== 'manual' && schedule.calendar !== undefined;

/** What of the job, as it is typed, the scopes of blackouts look at. */
type Place = { jobId: number | undefined; queue: string; labels: Record<string, string> };

function usePlace(jobId: number | undefined): Place {
  const { control } = useFormContext<EditorForm>();
  const [queue, labels] = useDeferredValue(useWatch({ control, name: ['queue', 'labels'] }));
  return { jobId, queue, labels: recordOf(labels) };
}

/** Asked again whenever a blackout changes; while it isn't known, or can't be, ticks show as if there were none. */
const typedBlackoutsQuery = (place: string) =>
  queryOptions({
    queryKey: ['blackout', 'typed', place] as const,
    queryFn: ({ signal }) =>
      askJson<TypedBlackout[]>('/api/console/typed-blackouts', JSON.parse(place), signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });

type Asked = Place & { schedule: Schedule; key: string; days: number };

function useServed(isServed: boolean, asked: Asked): ScheduleAhead {
  const settled = useSettled(JSON.stringify(asked));
  const { data, error, isPending } = useQuery({
    ...schedulePreviewQuery(settled),
    enabled: isServed,
  });
  if (error) return { state: 'unreachable' };
  if (isPending) return { state: 'loading' };
  if (data === null) return { state: 'unreadable' };
  return 'problem' in data ? { state: 'refused', ...data } : { state: 'known', ...data };
}

const schedulePreviewQuery = (asked: string) =>
  queryOptions({
    queryKey: ['blackout', 'schedule', asked] as const,
    queryFn: ({ signal }) =>
      askJson<ScheduleAnswer>(
        '/api/console/schedule-preview',
        { ...(JSON.parse(asked) as Asked), ticks: TICKS },
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });

const SETTLE_MS = 400;

/** What a text is once nobody has changed it for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
