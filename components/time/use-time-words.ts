'use client';

import { useLocale, useTimeZone, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { createTimeWords, type TimeWords } from '#core/time/words.ts';

/** The words for times in the reader's language and zone. */
export function useTimeWords(): TimeWords {
  const t = useTranslations('time');
  const locale = useLocale();
  const timeZone = useTimeZone() ?? 'UTC';
  return useMemo(() => createTimeWords(t, locale, timeZone), [t, locale, timeZone]);
}
