'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { outcomeStates } from '#components/state/state.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { StripGap, StripSlot } from './strip-layout.ts';

/** The words in and about the strip of the day. */
export function useStripWords() {
  const t = useTranslations('overview');
  const states = useTranslations('states');
  const time = useTimeWords();
  const format = useFormatter();
  const locale = useLocale();
  return useMemo(() => {
    const countsOf = ({ counts, planned, isEstimate }: StripSlot): string[] => [
      ...outcomeStates.flatMap((state) => {
        const count = state === 'gap' || state === 'planned' ? 0 : (counts[state] ?? 0);
        if (count === 0) return [];
        const number = format.number(count);
        return [
          t('slotCount', {
            count: isEstimate ? t('about', { number }) : number,
            state: states(state),
          }),
        ];
      }),
      ...(planned > 0
        ? [t('slotCount', { count: format.number(planned), state: states('planned') })]
        : []),
    ];
    return {
      now: (nowMs: number) => t('now', { time: time.absolute(nowMs, nowMs, 'time') }),
      /** "14:15: 21 succeeded, 1 failed". */
      slot: (slot: StripSlot): string => {
        const counts = countsOf(slot);
        return t('slot', {
          at: time.absolute(slot.atMs, slot.atMs, 'time'),
          counts:
            counts.length === 0
              ? t('nothing')
              : new Intl.ListFormat(locale, { style: 'short', type: 'unit' }).format(counts),
        });
      },
      gap: ({ jobKey, reason, ticks }: StripGap, more: number): string => {
        const one = t('gap', {
          key: jobKey,
          reason:
            reason === 'missed' ? 'missed' : reason === 'paused_all' ? 'paused_all' : 'paused',
          ticks,
        });
        return more > 0 ? t('gapAndMore', { one, more }) : one;
      },
    };
  }, [t, states, time, format, locale]);
}
