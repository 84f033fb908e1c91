'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { StateCounts } from '#core/runs/histogram.ts';
import type { RunState } from '#core/runs/states.ts';

// What needs a person first.
const ORDER: readonly RunState[] = [
  'failed',
  'timed_out',
  'lost',
  'running',
  'queued',
  'succeeded',
  'skipped',
  'cancelled',
];

/** Counts by outcome in words: "1,231 failed, 44 timed out, 9 lost". */
export function useCountWords(): (counts: StateCounts) => string {
  const states = useTranslations('states');
  const format = useFormatter();
  return useCallback(
    (counts) =>
      ORDER.filter((state) => counts[state])
        .map((state) => `${format.number(counts[state]!)} ${states(state)}`)
        .join(', '),
    [states, format],
  );
}
