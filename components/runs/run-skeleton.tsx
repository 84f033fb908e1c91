import { useTranslations } from 'next-intl';
import { PageHead } from '#components/shell/page-head.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

/** A run's page in its sizes, while it is on its way. */
export function RunSkeleton() {
  const t = useTranslations('run');
  return (
    <div role="status" aria-label={t('loading')}>
      <PageHead
        title={<Skeleton className="h-5 w-64" />}
        sentence={<Skeleton className="mt-1.5 h-3.5 w-80" />}
      />
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)_17rem] gap-x-8 gap-y-6 max-[60rem]:grid-cols-[minmax(0,1fr)]">
        <div className="grid content-start gap-4">
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-3 w-full" />
          <Skeleton className="h-3 w-full" />
        </div>
        <div className="grid h-44 content-start gap-4 border-l border-line pl-6 max-[60rem]:hidden">
          <Skeleton className="h-4 w-32" />
          <Skeleton className="w-44" />
          <Skeleton className="w-36" />
          <Skeleton className="w-40" />
        </div>
        <div className="col-span-full -mx-gutter border-y border-line">
          <div className="flex h-12 items-center px-gutter">
            <Skeleton className="h-4 w-72" />
          </div>
          <div className="h-80 bg-sunk" />
        </div>
      </div>
    </div>
  );
}
