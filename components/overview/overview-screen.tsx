'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import {
  useSamples,
  type SampleActions,
  type SampleRights,
  type Samples,
} from '#components/installation/use-samples.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { Button } from '#components/ui/button.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';
import { nothing } from '#components/ui/nothing.ts';
import { DayStripSection, DayStripSkeleton } from './day-strip.tsx';
import { NeedsYouSection } from './needs-you.tsx';
import { NextSection, RoomSection } from './next-and-room.tsx';
import { OverviewAside } from './overview-aside.tsx';
import { dayQuery, overviewQuery } from './overview-queries.ts';
import { OverviewSentence, OverviewTitle } from './overview-title.tsx';
import { WeekSection } from './week-table.tsx';

const WaitingEdits = dynamic(
  () => import('#components/proposals/waiting-edits.tsx').then((file) => file.WaitingEdits),
  { loading: nothing },
);
const UndeliveredNotice = dynamic(
  () =>
    import('#components/channels/undelivered-notice.tsx').then((file) => file.UndeliveredNotice),
  { ssr: false },
);
// Only the first visit shows it.
const EmptyJobs = dynamic(() => import('./empty-jobs.tsx').then((file) => file.EmptyJobs), {
  loading: nothing,
});

/** Is anything wrong, and what comes next? */
export function OverviewScreen({
  samples,
  mayPause,
  mayCreate,
  maySample,
}: {
  samples: SampleActions;
  mayPause: boolean;
  mayCreate: boolean;
  maySample: SampleRights;
}) {
  const t = useTranslations('overview');
  const { data: overview, isError, refetch } = useQuery(overviewQuery);
  const { data: day } = useQuery(dayQuery);
  const { data: shell } = useQuery(shellQuery);
  const sampleJobs = useSamples(samples);
  if (!overview) {
    return isError ? (
      <LoadProblem
        heading="h1"
        title={t('problem.title')}
        meaning={t('problem.meaning')}
        onRetry={() => void refetch()}
      />
    ) : (
      <OverviewSkeleton />
    );
  }
  if (overview.jobs === 0)
    return (
      <EmptyJobs actions={samples} rights={{ create: mayCreate, addSamples: maySample.add }} />
    );
  const isPausedAll = Boolean(shell?.pausedAll);
  return (
    <>
      <PageHead
        title={<OverviewTitle overview={overview} isPausedAll={isPausedAll} />}
        sentence={<OverviewSentence overview={overview} sum={day?.sum} />}
        aside={
          <OverviewAside
            samples={sampleJobs}
            isPausedAll={isPausedAll}
            mayPause={mayPause}
            maySample={maySample}
          />
        }
      />
      <UndeliveredNotice />
      <DayStripSection />
      <SamplesLine samples={sampleJobs} mayRemove={maySample.remove} />
      <div className="mt-7 grid items-start gap-x-12 gap-y-8 min-[75rem]:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="min-w-0">
          <NeedsYouSection jobs={overview.needsYou} total={overview.needsYouTotal} />
          {overview.waitingEdits.length > 0 && <WaitingEdits edits={overview.waitingEdits} />}
          <WeekSection />
        </div>
        <aside className="grid min-w-0 grid-cols-1 gap-x-12 gap-y-8 desk:max-[75rem]:grid-cols-2">
          <NextSection next={overview.next} isPausedAll={isPausedAll} />
          <RoomSection room={overview.room} />
        </aside>
      </div>
    </>
  );
}

/** As long as the samples are here: what they are, and the one click that takes them away. */
function SamplesLine({ samples, mayRemove }: { samples: Samples; mayRemove: boolean }) {
  const t = useTranslations('overview');
  const who = useTranslations('whoMay');
  if (samples.count === 0) return null;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-1 text-table text-ink-2">
      {t('samplesHere', { count: samples.count })}
      <Button
        variant="quiet"
        size="small"
        pending={samples.pending === 'remove'}
        disabled={!mayRemove}
        title={mayRemove ? undefined : who('job:write')}
        onClick={() => void samples.remove()}
      >
        {t('samplesAway')}
      </Button>
    </p>
  );
}

/** The page in its sizes while it is on its way. */
export function OverviewSkeleton() {
  const t = useTranslations('overview');
  return (
    <>
      <PageHead
        title={<Skeleton className="mt-1 h-5 w-[min(28rem,80vw)]" />}
        sentence={<Skeleton className="mt-1.5 h-3.5 w-[min(24rem,70vw)]" />}
      />
      <DayStripSkeleton />
      <div className="mt-10">
        <RowsSkeleton rows={6} label={t('loading')} />
      </div>
    </>
  );
}
