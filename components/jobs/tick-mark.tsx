import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { FireMark } from '#core/schedules/fires.ts';

// Few jobs have one.
export const BlackoutMark = dynamic(
  () => import('./blackout-mark.tsx').then((file) => file.BlackoutMark),
  { ssr: false },
);

/** What is unusual about a tick to come. */
export function TickMark({ mark }: { mark: FireMark }) {
  const t = useTranslations('job');
  switch (mark.kind) {
    case 'moved_by_dst':
      return t('markMoved', { wall: mark.wallTime });
    case 'repeated':
      return t('markRepeated');
    case 'jittered':
      return t('markJittered');
    case 'moved_by_calendar': {
      const { from, because } = mark;
      return t('markMovedByCalendar', { from, because, named: because === '' ? 'no' : 'yes' });
    }
  }
}
