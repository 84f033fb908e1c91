'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { MOST_OF_A_JOB } from '#core/jobs/answer-limits.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
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
  const time = useTimeWords();
  const clock = useClock();
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(pauseTicksQuery(jobId));
  const ticks = data?.pages.flatMap((page) => page.ticks) ?? [];
  // To the second only where ticks need it to be told apart.
  const haveSeconds = ticks.some(({ at }) => Date.parse(at) % 60_000 !== 0);
  const words = (atMs: number) =>
    haveSeconds
      ? `${time.absolute(atMs, clock.atFirst, 'day')}, ${time.absolute(atMs, clock.atFirst, 'seconds')}`
      : time.absolute(atMs, clock.atFirst);
  const isFull = picked.length >= MOST_OF_A_JOB;
  return (
    <div className="grid gap-1">
      <p aria-live="polite" className="text-meta text-ink-3">
        {t('picked', { count: picked.length })}
      </p>
      <div
        role="group"
        aria-label={t('occurrences')}
        className="max-h-52 overflow-y-auto rounded-box border border-line-strong px-3 py-1 tabular-nums"
      >
        {ticks.map(({ at, isMadeUp }) => (
          <CheckboxLine
            key={at}
            label={
              isMadeUp ? t('tickMadeUp', { at: words(Date.parse(at)) }) : words(Date.parse(at))
            }
            checked={picked.includes(at)}
            disabled={isFull && !picked.includes(at)}
            onCheckedChange={(isPicked) =>
              onPick(isPicked ? [...picked, at] : picked.filter((other) => other !== at))
            }
            className="phone:py-2"
          />
        ))}
        {(hasNextPage || isFetching) && (
          <Button
            size="small"
            variant="plain"
            pending={isFetching}
            onClick={() => void fetchNextPage()}
          >
            {t(isFetching ? 'loadingTicks' : 'older')}
          </Button>
        )}
      </div>
    </div>
  );
}
