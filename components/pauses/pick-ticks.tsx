'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { MOST_OF_A_JOB } from '#core/jobs/answer-limits.ts';
import { PickInstants } from '#components/list/pick-instants.tsx';
import { pauseTicksQuery } from './pause-queries.ts';

/** The occurrences of a job's pause to tick, newest first; older ones come when they are asked for. */
export function PickTicks({
  jobId,
  picked,
  onPick,
}: {
  jobId: number;
  picked: readonly string[];
  onPick: (picked: string[]) => void;
}) {
  const t = useTranslations('pauses');
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(pauseTicksQuery(jobId));
  const ticks = data?.pages.flatMap((page) => page.ticks) ?? [];
  return (
    <div className="grid gap-1">
      <p aria-live="polite" className="text-meta text-ink-3">
        {t('picked', { count: picked.length })}
      </p>
      <PickInstants
        label={t('occurrences')}
        instants={ticks.map(({ at, isMadeUp }) =>
          isMadeUp ? { at, said: t('tickMadeUp') } : { at },
        )}
        picked={picked}
        most={MOST_OF_A_JOB}
        onPick={onPick}
        more={
          hasNextPage || isFetching
            ? {
                label: t(isFetching ? 'loadingTicks' : 'older'),
                isFetching,
                ask: () => void fetchNextPage(),
              }
            : null
        }
        className="max-h-52"
      />
    </div>
  );
}
