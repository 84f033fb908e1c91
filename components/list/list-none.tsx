import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

/** A list without rows: there are none at all, or none that fits the filters. */
export function ListNone({
  of,
  isFiltered,
  unfinished,
  onClear,
}: {
  of: 'runs.none' | 'audit.none';
  isFiltered: boolean;
  /** The search stopped before it had looked at all: how far it came, and the way on. */
  unfinished?: { title: string; way: ReactNode } | null;
  onClear: () => void;
}) {
  const t = useTranslations(of);
  const common = useTranslations('common');
  return (
    <EmptyState
      title={unfinished?.title ?? t(isFiltered ? 'filteredTitle' : 'title')}
      actions={
        isFiltered && (
          <>
            {unfinished?.way}
            <Button onClick={onClear}>{common('clearFilters')}</Button>
          </>
        )
      }
    >
      {t(isFiltered ? 'filteredText' : 'text')}
    </EmptyState>
  );
}
