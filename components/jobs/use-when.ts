'use client';

import { useTranslations } from 'next-intl';
import { useZoneWords } from './zone-words.ts';

const DAY_MS = 86_400_000;

/** "tomorrow 02:30", "Wed 24 Mar 02:30" in the schedule's zone. */
export function useWhen(timeZone: string, nowMs: number): (atMs: number) => string {
  const t = useTranslations('before');
  const zone = useZoneWords(timeZone);
  return (atMs) => {
    const day = zone.day(atMs, nowMs);
    const near =
      day === zone.day(nowMs, nowMs)
        ? t('today')
        : day === zone.day(nowMs + DAY_MS, nowMs)
          ? t('tomorrow')
          : day;
    return `${near} ${zone.time(atMs, atMs % 60_000 !== 0)}`;
  };
}
