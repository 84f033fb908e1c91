'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { createHealthWords, type HealthWords } from '#core/health/words.ts';

/** The words for checks and their numbers in the reader's language. */
export function useHealthWords(): HealthWords {
  const t = useTranslations('health');
  const time = useTimeWords();
  const locale = useLocale();
  return useMemo(() => createHealthWords(t, time, locale), [t, time, locale]);
}
