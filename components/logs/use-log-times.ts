'use client';

import { useLocale, useTimeZone } from 'next-intl';
import { useMemo } from 'react';

/** Formats the time of a line in the reader's zone: 02:32:38.104. Made once, since a log has many lines. */
export function useLogTimes(): (atMs: number) => string {
  const locale = useLocale();
  const timeZone = useTimeZone() ?? 'UTC';
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    });
    return (atMs) => format.format(atMs);
  }, [locale, timeZone]);
}
