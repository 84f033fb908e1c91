import { createTranslator } from 'use-intl/core';
import { createTimeWords, type TimeWords } from '#core/time/words.ts';
import time from '../messages/en/time.json' with { type: 'json' };

/** Words for times and lengths in a terminal: English, in the machine's zone. */
export function terminalTimeWords(): TimeWords {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const locale = 'en';
  const translate = createTranslator({ locale, timeZone, messages: { time }, namespace: 'time' });
  return createTimeWords(translate, locale, timeZone);
}
