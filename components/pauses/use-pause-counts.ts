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
  if (pause.ticks === 0) {
    return pause.madeUp > 0 ? t('countedAllMadeUp', { madeUp: pause.madeUp }) : t('countedNone');
  }
  if (pause.ticks === pause.jobsAfterEnd) return t('countedAfterEnd', { jobs: pause.jobsAfterEnd });
  return t('counted', {
    ticks: pause.ticks,
    madeUp: pause.madeUp,
    jobs: isOneJob ? 0 : pause.jobsWithTicks,
    hasSince: String(pause.since !== null),
    since: pause.since ? words.absolute(Date.parse(pause.since), clock.atFirst) : '',
  });
}

/** "The blackout Freeze is on until 18:00: what you run starts then." Null where none is. */
export function useResting(pause: PauseToAnswer | undefined, isOneJob: boolean): string | null {
  const t = useTranslations('pauses');
  const words = useTimeWords();
  const clock = useClock();
  if (!pause?.resting) return null;
  const { name, until, jobs } = pause.resting;
  const at = words.absolute(Date.parse(until), clock.atFirst);
  return t('resting', { name, at, jobs: isOneJob || jobs === pause.jobsWithTicks ? 0 : jobs });
}
