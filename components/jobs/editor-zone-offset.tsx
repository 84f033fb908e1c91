'use client';

import { useTranslations } from 'next-intl';
import { useCoarseNow, useScheduleTools } from './use-schedule-tools.ts';
import { offsetInWords, useZoneWords } from './zone-words.ts';

/** "UTC+1, from 28 Mar UTC+2." */
export function ZoneOffset({ timeZone }: { timeZone: string }) {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const zone = useZoneWords(timeZone);
  const known = tools?.zoneOffset(timeZone, new Date(nowMs));
  // Holds the line's place until the rules are here.
  if (!known) return <>&nbsp;</>;
  const offset = offsetInWords(known.minutes);
  if (!known.change) return <>{t('zoneOffset', { offset })} </>;
  return (
    <>
      {t('zoneOffsetChanging', {
        offset,
        day: zone.day(known.change.atMs, nowMs),
        next: offsetInWords(known.change.minutes),
      })}{' '}
    </>
  );
}
