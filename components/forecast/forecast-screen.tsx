'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { QueueLoad } from '#core/forecast/forecast.ts';
import type { ForecastView } from '#core/forecast/read-forecast.ts';
import { STRETCH_NAMES, type StretchName } from '#core/forecast/stretches.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useForecastAddress } from './forecast-address.ts';
import { forecastQuery } from './forecast-queries.ts';
import { QueueForecast } from './queue-forecast.tsx';
import type { SpreadActions } from './spread-actions.ts';
import { WorstTable } from './worst-table.tsx';

const ALL = '';

/** What comes, queue by queue: how many run at once, who waits for whom, and what to do about it. */
export function ForecastScreen({
  mayWrite,
  actions,
}: {
  mayWrite: boolean;
  actions: SpreadActions;
}) {
  const t = useTranslations('forecast');
  const timeZone = useTimeZone() ?? 'UTC';
  const [address, change] = useForecastAddress();
  const [isTable, setIsTable] = useState(false);
  const { data, isError, error, refetch, isPlaceholderData } = useQuery(
    forecastQuery(address.stretch, timeZone),
  );
  usePageActions([
    {
      id: 'forecast-table',
      label: t(isTable ? 'asChart' : 'asTable'),
      keys: 'd',
      run: () => setIsTable(!isTable),
    },
  ]);
  const head = (
    <>
      <PageHead
        title={t('title')}
        sentence={data && <Sentence forecast={data} stretch={address.stretch} />}
      />
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented
          label={t('stretch')}
          value={address.stretch}
          onValueChange={(stretch) => change({ stretch, of: null, from: null, to: null }, 'push')}
          options={STRETCH_NAMES.map((value) => ({ value, label: t(`stretches.${value}`) }))}
        />
        <Select
          small
          aria-label={t('queue')}
          className="w-44"
          value={address.queue ?? ALL}
          onValueChange={(queue) => change({ queue: queue === ALL ? null : queue })}
          options={[
            { value: ALL, label: t('allQueues') },
            ...namesOf(data, address.queue).map((name) => ({ value: name, label: name })),
          ]}
        />
        <Button
          variant="quiet"
          size="small"
          className="ml-auto"
          onClick={() => setIsTable(!isTable)}
        >
          {t(isTable ? 'asChart' : 'asTable')}
        </Button>
      </div>
    </>
  );
  if (!data) {
    return isError ? (
      <LoadProblem
        heading="h1"
        title={t('problem')}
        meaning={error.message}
        onRetry={() => void refetch()}
      />
    ) : (
      <ForecastSkeleton />
    );
  }
  const [all] = data.queues;
  const isEmpty = !all?.starts.some(Boolean) && !all?.load.some(Boolean);
  return (
    <>
      {head}
      <div aria-busy={isPlaceholderData}>
        {data.pausedAll && <PausedAll until={data.pausedAll.until} />}
        {all?.workerSlots === 0 && !isEmpty && <Notice className="mt-4">{t('noWorkers')}</Notice>}
        {isEmpty ? (
          <EmptyState title={t('emptyTitle', { stretch: t(`next.${address.stretch}`) })}>
            {t('emptyHint')}
          </EmptyState>
        ) : (
          <>
            {shownQueues(data.queues, address.queue).map((queue) => (
              <QueueForecast
                key={queue.name ?? ALL}
                forecast={data}
                queue={queue}
                isTable={isTable}
              />
            ))}
            <WorstTable
              forecast={data}
              queue={address.queue}
              mayWrite={mayWrite}
              actions={actions}
            />
            <Basis forecast={data} />
          </>
        )}
      </div>
    </>
  );
}

function PausedAll({ until }: { until: string | null }) {
  const t = useTranslations('forecast');
  return (
    <Notice className="mt-4">
      {until === null
        ? t('pausedAll')
        : t.rich('pausedAllUntil', { until: () => <AbsoluteTime at={until} /> })}
    </Notice>
  );
}

function namesOf(forecast: ForecastView | undefined, chosen: string | null): string[] {
  const names = (forecast?.queues ?? []).flatMap(({ name }) => name ?? []);
  return chosen === null || names.includes(chosen) ? names : [...names, chosen];
}

/** One that is chosen, or all: those in which runs wait longest first. A single queue needs no sum. */
function shownQueues(queues: readonly QueueLoad[], chosen: string | null): QueueLoad[] {
  const [all, ...single] = queues;
  if (chosen !== null) return single.filter(({ name }) => name === chosen);
  const sorted = single.toSorted((a, b) => longest(b.waitMs) - longest(a.waitMs));
  return all && single.length > 1 ? [all, ...sorted] : sorted;
}

const longest = (waits: readonly number[]) => Math.max(0, ...waits);

/** Waits shorter than this are no waits to a person. */
const TOLD_MS = 1_000;

function Sentence({ forecast, stretch }: { forecast: ForecastView; stretch: StretchName }) {
  const t = useTranslations('forecast');
  const words = useTimeWords();
  const [all, ...queues] = forecast.queues;
  const starts = all?.starts.reduce((sum, count) => sum + count, 0) ?? 0;
  const stretchWords = t(`next.${stretch}`);
  if (!all || starts === 0) return t('nothing', { stretch: stretchWords });
  const [wait, longWait] = [longest(all.waitMs), longest(all.longWaitMs)];
  const short = queues.filter(({ waitMs }) => longest(waitMs) >= TOLD_MS);
  const values = {
    stretch: stretchWords,
    starts,
    wait: words.duration(wait),
    longWait: words.duration(longWait),
    b: (chunks: ReactNode) => <b>{chunks}</b>,
  };
  if (wait < TOLD_MS) {
    return (
      <>
        <StateGlyph state="well" />
        {t.rich(longWait < TOLD_MS ? 'calm' : 'mayWait', values)}
      </>
    );
  }
  return (
    <>
      <StateGlyph state="overdue" />
      {t.rich('waits', {
        ...values,
        queues: short.length,
        names: short[0]?.name ?? '',
        isLonger: String(longWait > wait),
      })}
    </>
  );
}

/** What the numbers are made of, for whoever doubts them. */
function Basis({ forecast }: { forecast: ForecastView }) {
  const t = useTranslations('forecast');
  const { assumedJobs, pausedJobs, unreadableJobs, countedJobs } = forecast;
  return (
    <section aria-labelledby="basis" className="mt-8 max-w-[88ch] text-table text-ink-2">
      <h2 id="basis" className="text-head text-ink">
        {t('basis')}
      </h2>
      <ul className="mt-1 list-disc space-y-0.5 pl-4">
        <li>{t('basisDurations')}</li>
        {assumedJobs > 0 && <li>{t('basisAssumed', { count: assumedJobs })}</li>}
        {pausedJobs > 0 && <li>{t('basisPaused', { count: pausedJobs })}</li>}
        {unreadableJobs > 0 && <li>{t('basisUnreadable', { count: unreadableJobs })}</li>}
        {countedJobs > 0 && <li>{t('basisCounted', { count: countedJobs })}</li>}
        <li>{t('basisLimits')}</li>
      </ul>
    </section>
  );
}

export function ForecastSkeleton() {
  const t = useTranslations('forecast');
  return (
    <>
      <PageHead
        title={t('title')}
        sentence={<Skeleton className="mt-1.5 h-3.5 w-[min(30rem,80vw)]" />}
      />
      <Skeleton className="mt-4 h-control-small w-80 rounded-box" />
      <div role="status" aria-label={t('loading')}>
        {[0, 1, 2].map((row) => (
          <div key={row} className="mt-7">
            <Skeleton className="h-3.5 w-40" />
            <div className="mt-2 h-[120px] border-b border-line-axis" />
          </div>
        ))}
      </div>
    </>
  );
}
