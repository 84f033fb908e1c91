import { createTranslator } from 'next-intl';
import { createTimeWords } from '#core/time/words.ts';
import { createHealthWords, type HealthWords } from '#core/health/words.ts';
// Without attributes: these are compiled while building (docs/console.md).
import health from '../messages/en/health.json';
import time from '../messages/en/time.json';

const [locale, timeZone] = ['en', 'UTC'] as const;

/** The words of checks for programs: for /api/ready, the log of the console, and messages that it sends. */
export function healthWordsForPrograms(): HealthWords {
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
