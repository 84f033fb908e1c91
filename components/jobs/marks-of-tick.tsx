import { useTranslations } from 'next-intl';
import type { NextTick } from '#core/jobs/next-ticks.ts';
import type { FireMark } from '#core/schedules/fires.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';

type TickInBlackout = NonNullable<NextTick['blackout']>;

/** What a blackout makes of a tick to come. */
export function BlackoutMark({ blackout: { name, runsAt } }: { blackout: TickInBlackout }) {
  const t = useTranslations('job');
  return (
    <span className="block pb-1 text-meta text-time-ink">
      {t.rich('markBlackout', {
        name,
        hasRun: String(runsAt !== null),
        at: () => runsAt && <AbsoluteTime at={runsAt} />,
      })}
    </span>
  );
}

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
