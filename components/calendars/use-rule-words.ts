'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { CalendarJob } from '#core/calendars/read-calendars.ts';

/** "days off are skipped", "the first and the last business day of each month" */
export function useRuleWords() {
  const t = useTranslations('calendars');
  const format = useFormatter();
  return ({ rule, nth = [] }: NonNullable<CalendarJob['rule']>): string => {
    if (rule !== 'nth') return t(`rule.${rule}`);
    const days = nth.map((n) => (n > 0 ? t('nthFromStart', { n }) : t('nthFromEnd', { n: -n })));
    return t('rule.nth', { days: format.list(days) });
  };
}
