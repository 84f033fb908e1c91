'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import { formatAbsolute } from '#core/time/format.ts';

/** Words for times in a zone of its own, not in the reader's: a schedule is written in its zone. */
export function useZoneWords(timeZone: string) {
  const locale = useLocale();
  return useMemo(
    () => ({
      /** "Wed 24 Mar", with the year where it isn't this one. */
      day: (atMs: number, nowMs: number) =>
        formatAbsolute(atMs, 'day', { locale, timeZone, nowMs }),
      /** "02:30", or "02:30:05". */
      time: (atMs: number, withSeconds = false) =>
        formatAbsolute(atMs, withSeconds ? 'seconds' : 'time', { locale, timeZone, nowMs: atMs }),
      /** "Wed" in a week, "24 Mar" in a month: for axes. */
      shortDay: (atMs: number, stretch: 'week' | 'month') => {
        const [weekday = '', ...day] = formatAbsolute(atMs, 'day', {
          locale,
          timeZone,
          nowMs: atMs,
        }).split(' ');
        return stretch === 'week' || day.length === 0 ? weekday : day.join(' ');
      },
    }),
    [locale, timeZone],
  );
}

/** "UTC+5:30", "UTC" */
export function offsetInWords(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}

/** The wall clock at an instant with an offset, "03:00". */
export function wallTime(atMs: number, offsetMinutes: number): string {
  return new Date(atMs + offsetMinutes * 60_000).toISOString().slice(11, 16);
}
