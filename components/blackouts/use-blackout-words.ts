'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import type { BlackoutTimes } from '#core/schedules/blackouts/blackout-times.ts';
import { dateFormatter } from '#core/time/format.ts';

const MOST_NAMED = 3;
const FIRST_MONDAY_OF_2023 = 2;

/** Words for blackouts: when they are on, and whom they hit. */
export function useBlackoutWords() {
  const t = useTranslations('blackouts');
  const locale = useLocale();
  const format = useFormatter();
  return useMemo(() => {
    /** 1 is Monday. */
    const weekday = (day: number, form: 'long' | 'short' = 'long') =>
      dateFormatter(locale, { weekday: form, timeZone: 'UTC' }).format(
        Date.UTC(2023, 0, FIRST_MONDAY_OF_2023 + day - 1),
      );
    const named = (names: readonly string[]) =>
      names.length > MOST_NAMED
        ? t('andMore', {
            names: names.slice(0, MOST_NAMED).join(', '),
            count: names.length - MOST_NAMED,
          })
        : format.list(names, { type: 'conjunction' });
    return {
      weekday,
      /** "Monday to Friday, 22:00 to 06:00 of the next day, Europe/Berlin" */
      weekly: ({ weekdays, from, to, timeZone }: Extract<BlackoutTimes, { type: 'weekly' }>) =>
        t('weekly', {
          days:
            weekdays.length === 7
              ? t('everyDay')
              : isRow(weekdays)
                ? t('fromDayToDay', {
                    first: weekday(weekdays[0]!),
                    last: weekday(weekdays.at(-1)!),
                  })
                : format.list(weekdays.map((day) => weekday(day, 'short'))),
          from,
          to,
          isNextDay: String(to <= from),
          zone: timeZone,
        }),
      /** "all jobs", "queue reports", "jobs with env=prod" */
      scope: ({
        scope,
        scopeJobs,
        hiddenJobs,
      }: Pick<BlackoutSummary, 'scope' | 'scopeJobs' | 'hiddenJobs'>): string => {
        switch (scope.type) {
          case 'all':
            return t('scopeAll');
          case 'queues':
            return t('scopeQueues', { count: scope.queues.length, names: named(scope.queues) });
          case 'labels':
            return t('scopeLabels', {
              labels: named(
                Object.entries(scope.labels).map(([name, value]) => `${name}=${value}`),
              ),
            });
          case 'jobs':
            return scopeJobs.length + hiddenJobs === 0
              ? t('scopeNoJob')
              : named([
                  ...scopeJobs.map(({ key }) => key),
                  ...(hiddenJobs > 0 ? [t('scopeHidden', { count: hiddenJobs })] : []),
                ]);
        }
      },
    };
  }, [t, locale, format]);
}

const isRow = (days: readonly number[]) =>
  days.length > 2 && days.every((day, index) => day === days[0]! + index);
