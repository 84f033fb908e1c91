import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

/** A list without rows: there are none at all, or none that fits the filters. */
export function ListNone({
  of,
  isFiltered,
  onClear,
}: {
  of: 'runs.none' | 'audit.none';
  isFiltered: boolean;
  onClear: () => void;
}) {
  const t = useTranslations(of);
  const common = useTranslations('common');
  return (
    <EmptyState
      title={t(isFiltered ? 'filteredTitle' : 'title')}
      actions={isFiltered && <Button onClick={onClear}>{common('clearFilters')}</Button>}
    >
      {t(isFiltered ? 'filteredText' : 'text')}
    </EmptyState>
  );
}
