'use client';

import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { Selection } from '#components/list/use-selection.ts';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { Table, TableBody, TableHead, Th } from '#components/ui/table.tsx';
import type { RunSummary } from '#core/runs/summary.ts';
import { type RunColumn, USUAL_COLUMNS } from './run-list-address.ts';
import { RunRow } from './run-row.tsx';

// Below 72rem attempts go and the others draw in, so that the job and the cause can be read.
const widths: Record<RunColumn, string> = {
  took: 'w-24 max-[72rem]:w-18',
  attempts: 'w-24 max-[72rem]:hidden',
  why: 'w-40',
  revision: 'w-24',
  queue: 'w-28',
  worker: 'w-36',
  cause: 'w-[34%] max-[72rem]:w-[28%]',
};

/** The rows with their keys: j k move, x selects, enter opens, r retries. */
export function RunTable({
  runs,
  columns,
  selection,
  isChoosing,
  onRetry,
}: {
  runs: readonly RunSummary[];
  columns: readonly RunColumn[];
  selection: Selection;
  isChoosing: boolean;
  onRetry: (run: RunSummary) => void;
}) {
  const t = useTranslations('runs');
  const router = useRouter();
  const { cursor } = useRowKeys(
    runs.map(({ id }) => id),
    {
      onOpen: (id) => router.push(`/runs/${id}`),
      onSelect: selection.toggle,
      onRetry: (id) => {
        const run = runs.find((each) => each.id === id);
        if (run) onRetry(run);
      },
    },
  );
  const hasSeconds = runs.some(({ scheduledFor }) => Date.parse(scheduledFor) % 60_000 !== 0);
  const chosen = runs.filter(({ id }) => selection.ids.has(id)).length;
  const isWide = columns.some((column) => !USUAL_COLUMNS.includes(column));
  return (
    // Chosen columns beyond the usual ones scroll sideways where there is no room; the header sticks elsewhere.
    <div
      className={cn(
        isWide && 'max-[80rem]:desk:-mx-3 max-[80rem]:desk:overflow-x-auto max-[80rem]:desk:px-3',
      )}
    >
      <Table
        aria-label={t('title')}
        className={cn('mt-1', isWide && 'max-[80rem]:desk:min-w-[96rem]')}
      >
        <TableHead>
          <Th className="w-[34px]">
            <Checkbox
              aria-label={t('selectAll')}
              checked={chosen === 0 ? false : chosen === runs.length || 'indeterminate'}
              onCheckedChange={() => selection.toggleAll()}
            />
          </Th>
          <Th sort="descending" className="w-40 max-[72rem]:w-36">
            {t('column.due')}
          </Th>
          <Th className="w-28 max-[72rem]:w-26">{t('column.outcome')}</Th>
          <Th>{t('column.job')}</Th>
          <Th numeric className="w-24 pr-6 max-[72rem]:w-18 max-[72rem]:pr-4">
            {t('column.run')}
          </Th>
          {columns.map((column) => {
            const isNumeric = column === 'took' || column === 'attempts' || column === 'revision';
            return (
              <Th
                key={column}
                numeric={isNumeric}
                className={cn(widths[column], isNumeric && 'pr-6 max-[72rem]:pr-4')}
              >
                {t(`column.${column}`)}
              </Th>
            );
          })}
          <Th className="hidden" />
          <Th className="hidden" />
        </TableHead>
        <TableBody>
          {runs.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              columns={columns}
              hasSeconds={hasSeconds}
              isCursor={cursor === run.id}
              isSelected={selection.ids.has(run.id)}
              isChoosing={isChoosing}
              onSelect={selection.toggle}
            />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
