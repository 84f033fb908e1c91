'use client';

import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { holds, type Right } from '#core/auth/right.ts';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import type { Selection } from '#components/list/use-selection.ts';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { notify } from '#components/ui/toast.tsx';
import { Table, TableBody, TableHead, Th } from '#components/ui/table.tsx';
import { columnLook } from './job-columns.ts';
import type { JobColumn } from './job-list-address.ts';
import type { JobListRights, RowPermission } from './job-list-view.ts';
import { JobRow } from './job-row.tsx';
import type { JobListActs } from './use-job-list-acts.ts';

/** About what a large screen shows. */
const DRAWN_AT_FIRST = 40;

/** The rows with their keys: j k move, x selects, enter opens, t p e act. */
export function JobListTable({
  jobs,
  columns,
  selection,
  isChoosing,
  acts,
  rights,
  pointing,
}: {
  jobs: readonly JobSummary[];
  columns: readonly JobColumn[];
  selection: Selection;
  isChoosing: boolean;
  acts: JobListActs;
  rights: JobListRights;
  /** Handlers that tell whether somebody points at the rows. */
  pointing: React.ComponentProps<'tbody'>;
}) {
  const t = useTranslations('jobs');
  const who = useTranslations('whoMay');
  const [jobIds, setJobIds] = useState<{ jobs: readonly JobSummary[]; ids: number[] }>({
    jobs: [],
    ids: [],
  });
  if (jobIds.jobs !== jobs) setJobIds({ jobs, ids: jobs.map(({ id }) => id) });
  const withJob = (act: (job: JobSummary) => unknown) => (id: number) => {
    const job = jobs.find((one) => one.id === id);
    if (job) act(job);
  };
  const ifAllowed =
    (right: Right, permission: RowPermission, act: (job: JobSummary) => unknown) =>
    (job: JobSummary) => (holds(right, job.labels) ? act(job) : notify(who(permission)));
  const { cursor } = useRowKeys(jobIds.ids, {
    onOpen: withJob(acts.open),
    onSelect: selection.toggle,
    onEdit: withJob(ifAllowed(rights.edit, 'job:write', acts.edit)),
    onTrigger: withJob(ifAllowed(rights.trigger, 'job:trigger', (job) => acts.trigger([job]))),
    onPause: withJob(ifAllowed(rights.pause, 'job:pause', acts.toggle)),
  });
  // Thirty bars a row are most of the page: those out of sight are drawn once it lives.
  const isAllDrawn = useDeferredValue(true, false);
  const chosen = jobs.filter(({ id }) => selection.ids.has(id)).length;
  return (
    <Table aria-label={t('title')}>
      <TableHead>
        <Th className="w-[34px]">
          <Checkbox
            aria-label={t('selectAll')}
            checked={chosen === 0 ? false : chosen === jobs.length || 'indeterminate'}
            onCheckedChange={() => selection.toggleAll()}
          />
        </Th>
        <Th className="w-[26px]">
          <span className="sr-only">{t('column.state')}</span>
        </Th>
        <Th>{t('column.job')}</Th>
        <Th className="hidden" />
        <Th className="hidden" />
        {columns.map((column) => (
          <Th
            key={column}
            numeric={column === 'median'}
            className={cn(columnLook[column], column === 'median' && 'pr-6')}
          >
            <ColumnTitle column={column} />
          </Th>
        ))}
      </TableHead>
      <TableBody {...pointing}>
        {jobs.map((job, index) => (
          <JobRow
            key={job.id}
            job={job}
            columns={columns}
            isDrawn={isAllDrawn || index < DRAWN_AT_FIRST}
            acts={acts}
            rights={rights}
            isCursor={cursor === job.id}
            isSelected={selection.ids.has(job.id)}
            isChoosing={isChoosing}
            onSelect={selection.toggle}
          />
        ))}
      </TableBody>
    </Table>
  );
}

/** What a column shows; a part of it where there is room for a part. */
function ColumnTitle({ column }: { column: JobColumn }) {
  const t = useTranslations('jobs.column');
  if (column !== 'bars' && column !== 'median') return t(column);
  return (
    <>
      <span className="max-[75rem]:hidden">{t(column)}</span>
      <span className="min-[75rem]:hidden">{t(`${column}Short`)}</span>
    </>
  );
}
