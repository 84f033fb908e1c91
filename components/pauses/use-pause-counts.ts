import { useTranslations } from 'next-intl';
import type { PauseToAnswer } from '#core/jobs/read-pause.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';

/** "14 occurrences fell into the pause, since 22:00." while they are being counted it says that. */
export function usePauseCounts(
  pause: PauseToAnswer | undefined,
  isUncounted: boolean,
  isOneJob: boolean,
): string {
  const t = useTranslations('pauses');
  const words = useTimeWords();
  const clock = useClock();
  if (isUncounted) return t('notCounted');
  if (!pause) return t('loading');
  if (pause.ticks === 0) return t('countedNone');
  if (pause.ticks === pause.jobsAfterEnd) return t('countedAfterEnd', { jobs: pause.jobsAfterEnd });
  return t('counted', {
    ticks: pause.ticks,
    jobs: isOneJob ? 0 : pause.jobsWithTicks,
    hasSince: String(pause.since !== null),
    since: pause.since ? words.absolute(Date.parse(pause.since), clock.atFirst) : '',
  });
}
