import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';

/** A list's rows, or what stands in their place: while they load, where they can't be had, and where there is none. */
export function ListBody({
  list,
  failed,
  loading,
  isEmpty,
  none,
  children,
}: {
  list: Pick<UseQueryResult, 'data' | 'isError' | 'error' | 'refetch'>;
  failed: string;
  loading: string;
  isEmpty: boolean;
  none: ReactNode;
  children: ReactNode;
}) {
  if (list.data !== undefined) return isEmpty ? none : children;
  if (!list.isError) return <RowsSkeleton rows={12} label={loading} />;
  return (
    <LoadProblem title={failed} meaning={list.error?.message} onRetry={() => void list.refetch()} />
  );
}
