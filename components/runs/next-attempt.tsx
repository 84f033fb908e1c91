'use client';

import { useTranslations } from 'next-intl';
import { useClockText } from '#components/time/now-provider.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import type { RunSummary } from '#core/runs/summary.ts';

/** When a run that waits for its next attempt is tried again: "attempt 3 in 12 s", then "attempt 3 due". */
export function NextAttempt({ run }: { run: Pick<RunSummary, 'attempts' | 'dueAt'> }) {
  const t = useTranslations('states');
  const dueMs = Date.parse(run.dueAt);
  const isDue = useClockText((nowMs) => dueMs <= nowMs);
  const attempt = run.attempts + 1;
  if (isDue) return t('attemptDue', { attempt });
  return t.rich('attemptAhead', { attempt, when: () => <RelativeTime at={run.dueAt} /> });
}
