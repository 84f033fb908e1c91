'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PickInstants } from '#components/list/pick-instants.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { MOST_PICKED } from '#core/backfill/backfill-limits.ts';
import { occurrencesQuery } from './backfill-queries.ts';
import { OccurrenceWord } from './occurrence-word.tsx';

/** The occurrences of the stretch to tick, each with what became of it; more come when they are asked for. */
export function PickOccurrences({
  jobId,
  stretch,
  newestFirst,
  picked,
  onPick,
}: {
  jobId: number;
  stretch: { from: string; to?: string };
  newestFirst: boolean;
  picked: readonly string[];
  onPick: (picked: string[]) => void;
}) {
  const t = useTranslations('backfill');
  const [shows, setShows] = useState<'without' | 'all'>('without');
  const filter = { ...stretch, newestFirst, onlyWithoutSuccess: shows === 'without' };
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    occurrencesQuery(jobId, filter),
  );
  const occurrences = data?.pages.flatMap((page) => page.occurrences) ?? [];
  const isFull = picked.length >= MOST_PICKED;
  return (
    <div className="mt-2 grid gap-1.5">
      <div className="flex items-center justify-between gap-3">
        <Segmented
          label={t('pickShow')}
          options={[
            { value: 'without', label: t('pickWithout') },
            { value: 'all', label: t('pickAll') },
          ]}
          value={shows}
          onValueChange={setShows}
        />
        <p aria-live="polite" className="text-meta text-ink-3">
          {isFull ? t('pickFull', { most: MOST_PICKED }) : t('picked', { count: picked.length })}
        </p>
      </div>
      <PickInstants
        label={t('pickTitle')}
        instants={occurrences.map(({ at, outcome }) => ({
          at,
          said: <OccurrenceWord outcome={outcome} />,
        }))}
        picked={picked}
        most={MOST_PICKED}
        onPick={onPick}
        more={
          hasNextPage || isFetching
            ? {
                label: t(isFetching ? 'loading' : 'older'),
                isFetching,
                ask: () => void fetchNextPage(),
              }
            : null
        }
        className="max-h-64"
      >
        {error && <p className="py-1.5 text-table text-fail-ink">{error.message}</p>}
        {!isFetching && !hasNextPage && occurrences.length === 0 && !error && (
          <p className="py-1.5 text-table text-ink-3">{t('pickEmpty')}</p>
        )}
      </PickInstants>
    </div>
  );
}
