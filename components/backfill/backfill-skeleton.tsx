import { useTranslations } from 'next-intl';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';

/** Head, form and list before they are there. */
export function BackfillSkeleton() {
  const t = useTranslations('backfill');
  return (
    <>
      <Skeleton className="mt-1 h-5 w-64" />
      <Skeleton className="mt-3 h-3.5 w-96 max-w-full" />
      <div className="mt-8 grid max-w-[34rem] gap-5">
        {['a', 'b', 'c', 'd'].map((line) => (
          <Skeleton key={line} className="h-8 w-full" />
        ))}
      </div>
      <div className="mt-10">
        <RowsSkeleton rows={4} label={t('listLoading')} />
      </div>
    </>
  );
}
