'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { RunChart } from '#core/runs/run-chart.ts';
import { totalOf } from './run-chart-layout.ts';
import { isFiltered, type RunListAddress } from './run-list-address.ts';
import { useCountWords } from './use-count-words.ts';

/** "1,284 runs match. 1,231 failed, 44 timed out, 9 lost." */
export function RunListSentence({ chart, address }: { chart: RunChart; address: RunListAddress }) {
  const t = useTranslations('runs.sentence');
  const countWords = useCountWords();
  const counts = chart.selected?.counts ?? chart.total;
  const total = totalOf(counts);
  const isEstimate = chart.selected?.isEstimate ?? chart.isEstimate;
  const parts = countWords(counts);
  return (
    <>
      {t.rich(isFiltered(address) ? 'matching' : 'all', {
        b: (words: ReactNode) => <b>{words}</b>,
        count: total,
        isAbout: String(isEstimate),
        isWithin: String(chart.selected === null),
        span: t(`span.${address.span}`),
      })}{' '}
      {total > 0 && `${parts}.`}
    </>
  );
}
