'use client';

import { useTranslations } from 'next-intl';
import type { BlackoutOfFire } from '#core/schedules/blackouts/blackouts-ahead.ts';
import { useWhen } from './use-when.ts';

/** "skipped: Database maintenance", "Database maintenance: runs today 06:00". */
export function useBlackoutFate(
  timeZone: string,
  nowMs: number,
): (blackout: BlackoutOfFire) => string {
  const t = useTranslations('before');
  const when = useWhen(timeZone, nowMs);
  return ({ name, effect, runsAtMs }) =>
    runsAtMs === null
      ? t(effect === 'skip' ? 'fateSkipped' : 'fateHeld', { name })
      : t('fateRuns', { name, at: when(runsAtMs) });
}
