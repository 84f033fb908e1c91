import { createTranslator } from 'use-intl/core';
import health from '../../messages/en/health.json' with { type: 'json' };
import time from '../../messages/en/time.json' with { type: 'json' };
import { createTimeWords } from '../time/words.ts';
import { createHealthWords, type HealthWords } from './words.ts';

/** The words of checks for logs, messages and terminals. Not for the console, which compiles its words while building. */
export function englishHealthWords(): HealthWords {
  const [locale, timeZone] = ['en', 'UTC'] as const;
  const timeWords = createTimeWords(
    createTranslator({ locale, timeZone, messages: { time }, namespace: 'time' }),
    locale,
    timeZone,
  );
  return createHealthWords(
    createTranslator({ locale, timeZone, messages: { health }, namespace: 'health' }),
    timeWords,
    locale,
  );
}
