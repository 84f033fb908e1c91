'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { CalendarSays } from '#core/calendars/read-calendars.ts';
import { dateFormatter } from '#core/time/format.ts';

/** Words for calendars and their days. A day is a date, the same in every zone. */
export function useCalendarWords() {
  const t = useTranslations('calendars');
  const locale = useLocale();
  const format = useFormatter();
  return useMemo(() => {
    const inUtc = (options: Intl.DateTimeFormatOptions) =>
      dateFormatter(locale, { ...options, timeZone: 'UTC' });
    /** 0 is Sunday. */
    const weekday = (day: number, form: 'long' | 'short' = 'long') =>
      inUtc({ weekday: form }).format(Date.UTC(2023, 0, FIRST_SUNDAY_OF_2023 + day));
    const weekend = (days: readonly number[]): string =>
      days.length === 0
        ? t('noWeekend')
        : t('weekendOff', {
            days: format.list(days.toSorted(byWeek).map((day) => weekday(day))),
            count: days.length,
          });
    return {
      weekday,
      weekend,
      /** "Fri 25 Dec 2026" */
      day: (date: string) =>
        inUtc({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
          Date.parse(date),
        ),
      /** "Fri 25" */
      dayOfMonth: (date: string) =>
        inUtc({ weekday: 'short', day: 'numeric' }).format(Date.parse(date)),
      month: (year: number, month: number) =>
        inUtc({ month: 'long' }).format(Date.UTC(year, month, 1)),
      /** "Holidays of Germany, Bayern; Saturday and Sunday off; 2 own days off" */
      says: (says: CalendarSays): string =>
        [
          says.place ? t('holidaysOf', { place: placeInWords(says.place) }) : t('noHolidays'),
          weekend(says.weekend),
          ...(says.dates > 0 ? [t('ownDates', { count: says.dates })] : []),
          ...(says.workdays > 0 ? [t('makeUpDays', { count: says.workdays })] : []),
        ].join('; '),
    };
  }, [t, locale, format]);
}

function placeInWords({ country, region }: NonNullable<CalendarSays['place']>): string {
  return region === null ? country : `${country}, ${region}`;
}

const FIRST_SUNDAY_OF_2023 = 1;

/** Monday comes first. */
export const byWeek = (a: number, b: number): number => ((a + 6) % 7) - ((b + 6) % 7);
