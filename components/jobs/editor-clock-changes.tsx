'use client';

import { Clock } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { scheduleOf } from './definition-of-form.ts';
import type { EditorForm } from './editor-form.ts';
import type { ClockChangeEffect } from './clock-effects.ts';
import { useCoarseNow, useScheduleTools } from './use-schedule-tools.ts';
import { useZoneWords, wallTime } from './zone-words.ts';

/** What the next two changes of the clock do to the ticks, in sentences: nobody should find out that night. */
export function ClockChanges() {
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { control } = useFormContext<EditorForm>();
  const form = useWatch({ control, name: 'schedule' });
  const effects = useMemo(
    () => tools?.clockEffects(scheduleOf(form), new Date(nowMs)) ?? [],
    [tools, form, nowMs],
  );
  const t = useTranslations('editor');
  if (effects.length === 0) return null;
  return (
    <div className="grid gap-x-4 gap-y-1 text-table desk:grid-cols-[9rem_minmax(0,1fr)]">
      <h3 className="text-ink-2 phone:font-medium phone:text-ink">{t('clockChanges')}</h3>
      <ul className="grid gap-1">
        {effects.map((effect) => (
          <ClockChange key={effect.atMs} effect={effect} timeZone={form.timeZone} nowMs={nowMs} />
        ))}
      </ul>
    </div>
  );
}

function ClockChange({
  effect,
  timeZone,
  nowMs,
}: {
  effect: ClockChangeEffect;
  timeZone: string;
  nowMs: number;
}) {
  const t = useTranslations('editor');
  const locale = useLocale();
  const zone = useZoneWords(timeZone);
  const { atMs, offsetBefore, offsetAfter, moved, dropped, repeated, waited } = effect;
  const to = wallTime(atMs, offsetAfter);
  const values = { day: zone.day(atMs, nowMs), from: wallTime(atMs, offsetBefore), to };
  const list = (times: string[]) =>
    new Intl.ListFormat(locale, { type: 'conjunction' }).format(times);
  const what = () => {
    if (moved.length > 0) {
      return t('clocksMove', {
        times: list(moved.map(({ wall }) => wall)),
        count: moved.length,
        to: list([...new Set(moved.map(({ toMs }) => wallTime(toMs, offsetAfter)))]),
      });
    }
    if (dropped.length > 0) {
      return t('clocksDrop', { times: list(dropped), count: dropped.length });
    }
    if (repeated > 0) return t('clocksRepeat', { count: repeated });
    return waited > 0 ? t('clocksWait', { count: waited }) : t('clocksNothing');
  };
  return (
    <li className="flex gap-2 text-pretty">
      <Clock aria-hidden className="mt-1 size-3 shrink-0 text-time-ink" />
      <span>
        <span className="text-ink-2">
          {t(offsetAfter > offsetBefore ? 'clocksForward' : 'clocksBack', values)}
        </span>{' '}
        {what()}
      </span>
    </li>
  );
}
