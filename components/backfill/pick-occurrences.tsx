'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
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
  const time = useTimeWords();
  const clock = useClock();
  const [shows, setShows] = useState<'without' | 'all'>('without');
  const filter = { ...stretch, newestFirst, onlyWithoutSuccess: shows === 'without' };
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    occurrencesQuery(jobId, filter),
  );
  const occurrences = data?.pages.flatMap((page) => page.occurrences) ?? [];
  const haveSeconds = occurrences.some(({ at }) => Date.parse(at) % 60_000 !== 0);
  const words = (atMs: number) =>
    haveSeconds
      ? `${time.absolute(atMs, clock.atFirst, 'day')}, ${time.absolute(atMs, clock.atFirst, 'seconds')}`
      : time.absolute(atMs, clock.atFirst);
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
      <div
        role="group"
        aria-label={t('pickTitle')}
        className="max-h-64 overflow-y-auto rounded-box border border-line-strong px-3 py-1 tabular-nums"
      >
        {occurrences.map(({ at, outcome }) => (
          <CheckboxLine
            key={at}
            label={
              <span className="flex justify-between gap-3">
                {words(Date.parse(at))}
                <span className="text-ink-2">
                  <OccurrenceWord outcome={outcome} />
                </span>
              </span>
            }
            checked={picked.includes(at)}
            disabled={isFull && !picked.includes(at)}
            onCheckedChange={(isPicked) =>
              onPick(isPicked ? [...picked, at] : picked.filter((other) => other !== at))
            }
            className="phone:py-2"
          />
        ))}
        {error && <p className="py-1.5 text-table text-fail-ink">{error.message}</p>}
        {!isFetching && !hasNextPage && occurrences.length === 0 && !error && (
          <p className="py-1.5 text-table text-ink-3">{t('pickEmpty')}</p>
        )}
        {(hasNextPage || isFetching) && (
          <Button
            size="small"
            variant="plain"
            pending={isFetching}
            onClick={() => void fetchNextPage()}
          >
            {t(isFetching ? 'loading' : 'older')}
          </Button>
        )}
      </div>
    </div>
  );
}
