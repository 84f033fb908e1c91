import { useTranslations } from 'next-intl';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';

// Apart from the components whose place they hold: what a page shows while it loads must not load them.

/** Of the calendars and of the blackouts: a head with a button, two tabs, rows. */
export function CalendarListSkeleton() {
  const t = useTranslations('common');
  return (
    <>
      <HeadSkeleton />
      <div className="mt-4 flex gap-6 border-b border-line pb-3">
        <Skeleton className="h-3.5 w-28" />
        <Skeleton className="h-3.5 w-20" />
      </div>
      <div className="mt-3">
        <RowsSkeleton rows={6} label={t('loading')} />
      </div>
    </>
  );
}

/** Of one calendar: its year, month by month. */
export function CalendarSkeleton() {
  const t = useTranslations('common');
  return (
    <>
      <HeadSkeleton />
      <div
        role="status"
        aria-label={t('loading')}
        className="mt-6 grid grid-cols-4 gap-8 max-[75rem]:grid-cols-3 phone:grid-cols-1"
      >
        {Array.from({ length: 12 }, (_, month) => (
          <div key={month} className="grid content-start gap-2.5">
            <Skeleton className="mb-1 h-3.5 w-24" />
            {Array.from({ length: 5 }, (_week, week) => (
              <Skeleton key={week} className="h-4" />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

/** Of a form for either. */
export function CalendarFormSkeleton() {
  const t = useTranslations('common');
  return (
    <>
      <HeadSkeleton />
      <div role="status" aria-label={t('loading')} className="mt-7 grid max-w-2xl gap-8">
        {Array.from({ length: 6 }, (_, field) => (
          <div key={field} className="grid gap-2.5">
            <Skeleton className="w-28" />
            <Skeleton className="h-control" />
          </div>
        ))}
      </div>
    </>
  );
}

function HeadSkeleton() {
  return (
    <div className="flex min-h-8 justify-between gap-6">
      <div className="grid gap-3 pt-1.5">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-3.5 w-96 max-w-full" />
      </div>
      <Skeleton className="h-8 w-32 phone:hidden" />
    </div>
  );
}
