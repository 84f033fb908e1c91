import { useTranslations } from 'next-intl';
import type { NextTick } from '#core/jobs/next-ticks.ts';
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
