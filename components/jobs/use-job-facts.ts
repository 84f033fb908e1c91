'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { JobDefinition } from '#core/jobs/definition.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';

/** A definition in few words, for the aside. */
export function useJobFacts() {
  const t = useTranslations('job');
  const time = useTimeWords();
  return useMemo(
    () => ({
      work: ({ work }: JobDefinition): string => {
        switch (work.kind) {
          case 'http':
            return `${work.method} ${work.url}`;
          case 'command':
            return [work.program, ...work.args].join(' ');
          case 'script':
            return `${work.interpreter}: ${work.text.trim().split('\n').at(0) ?? ''}`;
        }
      },
      attempts: ({ retry }: JobDefinition): string => {
        const rules = retry.byCause.length;
        if (retry.backoff === 'none') return t('attemptsNone', { rules });
        return t(retry.backoff === 'fixed' ? 'attemptsFixed' : 'attemptsGrowing', {
          count: retry.maxAttempts,
          delay: time.duration(retry.delayMs),
          rules,
        });
      },
      timeout: ({ timeoutMs }: JobDefinition): string =>
        timeoutMs === null ? t('value.timeoutOfQueue') : time.duration(timeoutMs),
      overlap: ({ overlap, maxParallel }: JobDefinition): string =>
        overlap === 'allow' && maxParallel !== null
          ? t('value.atOnce', { count: maxParallel })
          : t(`value.overlap.${overlap}`),
      missed: ({ catchUp }: JobDefinition): string => t(`value.catchUp.${catchUp}`),
      twice: ({ mayRunTwice }: JobDefinition): string =>
        t(mayRunTwice ? 'value.mayRunTwice' : 'value.notTwice'),
    }),
    [t, time],
  );
}
