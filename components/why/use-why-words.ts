'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { createWhyWords, type WhyWords } from '#core/why/words.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';

/** The words for causes in the reader's language and zone. */
export function useWhyWords(): WhyWords {
  const t = useTranslations('why');
  const time = useTimeWords();
  const format = useFormatter();
  return useMemo(() => createWhyWords(t, time, (words) => format.list(words)), [t, time, format]);
}
