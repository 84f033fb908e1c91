'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { outcomeStates } from '#components/state/state.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { OutcomeBar } from './bar-layout.ts';

/** The sentences about one bar and about a row of them. */
export function useBarWords() {
  const t = useTranslations('bars');
  const states = useTranslations('states');
  const time = useTimeWords();
  const locale = useLocale();
  const clock = useClock();
  return useMemo(
    () => ({
      /** "Wed 24 Mar, 02:30, succeeded in 3.2 s after 1 failed attempt". */
      one: (bar: OutcomeBar): string => {
        const at = time.absolute(Date.parse(bar.at), clock.atFirst);
        if (bar.state === 'gap') return t('gap', { at, ticks: bar.gapTicks ?? 1 });
        const state = states(bar.state);
        const outcome =
          bar.durationMs === null
            ? t('outcome', { at, state })
            : t('outcomeIn', { at, state, duration: time.duration(bar.durationMs) });
        return bar.failedAttempts > 0
          ? t('afterAttempts', { outcome, count: bar.failedAttempts })
          : outcome;
      },
      /** "Last 30: 27 succeeded, 2 failed, 1 skipped". */
      summary: (bars: readonly OutcomeBar[]): string => {
        const counts = outcomeStates.flatMap((state) => {
          const count = bars.filter((bar) => bar.state === state).length;
          return count === 0 ? [] : [t('count', { count, state: states(state) })];
        });
        const list = new Intl.ListFormat(locale, { style: 'narrow', type: 'unit' }).format(counts);
        return t('summary', { total: bars.length, list });
      },
    }),
    [t, states, time, locale, clock],
  );
}
