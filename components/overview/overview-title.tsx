'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { DayStrip } from '#core/overview/day.ts';
import type { Overview } from '#core/overview/overview.ts';
import { useClockText } from '#components/time/now-provider.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Link } from '#components/ui/link.tsx';

/** Whether anything is wrong, and what comes next: the page's one sentence. */
export function OverviewTitle({
  overview: { byState, next },
  isPausedAll,
}: {
  overview: Overview;
  isPausedAll: boolean;
}) {
  const t = useTranslations('overview.title');
  const { failing, overdue } = byState;
  const fail = (words: ReactNode) => <span className="text-fail-ink">{words}</span>;
  const late = (words: ReactNode) => <span className="text-time-ink">{words}</span>;
  const words = t.rich('state', { fail, late, failing, overdue });
  return (
    <>
      {failing + overdue > 0 ? (
        <Link href="#needs" className="hover:underline">
          {words}
        </Link>
      ) : (
        words
      )}{' '}
      {isPausedAll ? t('pausedAll') : <NextWords next={next} />}
    </>
  );
}

function NextWords({ next }: { next: Overview['next'] }) {
  const t = useTranslations('overview.title');
  const place = useFirstToCome(next);
  const first = next[place];
  if (!first) return t('nothingPlanned');
  return t.rich('next', {
    key: first.keys[0] ?? '',
    more: first.keys.length - 1,
    link: (words: ReactNode) => (
      <Link href={`/jobs/${first.keys[0]}`} className="break-words hover:underline">
        {words}
      </Link>
    ),
    in: () => <RelativeTime at={first.at} />,
  });
}

/** Where the first tick stands that isn't over: time goes on between two answers. */
export function useFirstToCome(next: Overview['next']): number {
  return useClockText((nowMs) => {
    const place = next.findIndex(({ at }) => Date.parse(at) > nowMs);
    return place === -1 ? next.length : place;
  });
}

/** The second line: whether every tick is accounted for, and the size of it all. */
export function OverviewSentence({
  overview: { jobs, capacity },
  sum,
}: {
  overview: Overview;
  sum: DayStrip['sum'] | undefined;
}) {
  const t = useTranslations('overview');
  const format = useFormatter();
  return (
    <>
      {sum && (
        <span className={sum.isEven ? undefined : 'font-medium text-fail-ink'}>
          {t(sum.isEven ? 'accounted' : 'notAccounted')}
        </span>
      )}{' '}
      <span className="phone:hidden">
        {t('size', {
          jobs: format.number(jobs),
          jobCount: jobs,
          workers: capacity.workers,
          used: format.number(capacity.slotsInUse),
          slots: format.number(capacity.slots),
        })}
      </span>
    </>
  );
}
