'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Schedule } from '#core/schedules/schedule.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { PartId } from './definition-parts.ts';

type CronSchedule = Extract<Schedule, { type: 'cron' }>;
type Dst = NonNullable<CronSchedule['dst']>;
type Calendar = NonNullable<CronSchedule['calendar']>;

/** What a schedule says beside its lines, part by part, as lines of words; null for parts that need none. */
export function useSchedulePartWords() {
  const t = useTranslations('schedules');
  const time = useTimeWords();
  const locale = useLocale();
  return useMemo(() => {
    const instant = (of: unknown) => {
      const ms = Date.parse(String(of));
      return time.absolute(ms, ms, 'full');
    };
    const value = (part: PartId, of: unknown): string[] | null => {
      switch (part) {
        case 'schedule.from':
          return [t(`from.${of as 'anchor' | 'end'}`)];
        case 'schedule.dialect':
          return [t(`dialect.${of as NonNullable<CronSchedule['dialect']>}`)];
        case 'schedule.dst':
          return [t(`missing.${(of as Dst).missing}`), t(`repeated.${(of as Dst).repeated}`)];
        case 'schedule.startsAt':
        case 'schedule.endsAt':
          return [instant(of)];
        case 'schedule.at':
          return (of as string[]).map(instant);
        case 'schedule.anchor':
          return [instant(of)];
        case 'schedule.maxFires':
          return [t('maxFires', { count: Number(of) })];
        case 'schedule.jitterMs':
          return [t('jitter', { duration: time.duration(Number(of)) })];
        case 'schedule.calendar': {
          const { key, revision, rule, nth = [] } = of as Calendar;
          const days = new Intl.ListFormat(locale).format(nth.map(String));
          return [t(`calendar.${rule}`, { key, revision: revision ?? 0, days })];
        }
        default:
          return null;
      }
    };
    return {
      value,
      /** All that it says beside its lines, its interval and its zone. */
      rest: (schedule: Schedule): string[] =>
        Object.entries(schedule).flatMap(([name, of]) =>
          of === undefined || name === 'anchor'
            ? []
            : (value(`schedule.${name}` as PartId, of) ?? []),
        ),
    };
  }, [t, time, locale]);
}
