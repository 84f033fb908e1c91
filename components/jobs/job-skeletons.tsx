import { useTranslations } from 'next-intl';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';
import { CHART_HEIGHT, CHART_TOP, CHART_ZERO } from './job-chart-measures.ts';

// Apart from the components whose place they hold: what a page shows while it loads must not load them.

export function JobPageSkeleton() {
  return (
    <>
      <div className="flex min-h-8 justify-between gap-6">
        <div className="grid gap-3 pt-1.5">
          <Skeleton className="h-4 w-56" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        <Skeleton className="h-8 w-80 phone:hidden" />
      </div>
      <JobChartSkeleton />
      <JobTabSkeleton />
    </>
  );
}

function JobChartSkeleton() {
  return (
    <div className="mt-5 phone:mt-4">
      <Skeleton className="mb-2 h-5 w-40" />
      <div
        className="flex items-end gap-1 border-b border-line-axis"
        style={{
          height: CHART_ZERO,
          paddingTop: CHART_TOP,
          marginBottom: CHART_HEIGHT - CHART_ZERO,
        }}
      >
        {Array.from({ length: 40 }, (_, index) => (
          <Skeleton
            key={index}
            className="flex-1 rounded-none"
            style={{ height: `${34 + ((index * 13) % 7) * 3}%` }}
          />
        ))}
      </div>
    </div>
  );
}

/** Of any tab under the chart. */
export function JobTabSkeleton() {
  const t = useTranslations('job');
  return (
    <div className="pt-4">
      <RowsSkeleton rows={10} label={t('loading')} />
    </div>
  );
}

export function EditorSkeleton() {
  const t = useTranslations('editor');
  return (
    <>
      <Skeleton className="mt-1.5 h-4 w-56" />
      <div className="mt-8">
        <RowsSkeleton rows={9} label={t('loading')} />
      </div>
    </>
  );
}
