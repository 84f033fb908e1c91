'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { LedgerRow } from '#core/jobs/ledger.ts';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { useHeldRows } from '#components/list/use-held-rows.ts';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { useClockText } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Table, TableBody, TableHead, Th } from '#components/ui/table.tsx';
import { nothing } from '#components/ui/nothing.ts';
import { jobLedgerQuery, type JobName } from './job-queries.ts';
import { LedgerRunRow, PlannedRow } from './job-ledger-rows.tsx';
import { LedgerSum } from './job-ledger-sum.tsx';
import { useLedgerPage } from './use-ledger-page.ts';
import { useNextTick } from './use-next-tick.ts';

// What not every ledger has, and what somebody opens, doesn't come with the page.
const LedgerGapRows = dynamic(
  () => import('./job-ledger-gap.tsx').then((file) => file.LedgerGapRows),
  // Drawn when it can be opened: a click on what only looks like a button is lost.
  { ssr: false },
);
const LedgerPager = dynamic(
  () => import('./job-ledger-seldom.tsx').then((file) => file.LedgerPager),
  { loading: nothing },
);
const LedgerEmpty = dynamic(
  () => import('./job-ledger-seldom.tsx').then((file) => file.LedgerEmpty),
  { loading: nothing },
);
const LedgerProblem = dynamic(
  () => import('./job-ledger-seldom.tsx').then((file) => file.LedgerProblem),
  { loading: nothing },
);
const NewRowsButton = dynamic(
  () => import('#components/list/new-rows-button.tsx').then((file) => file.NewRowsButton),
  { ssr: false },
);
const JobSums = dynamic(
  () => import('#components/ledger/job-sums.tsx').then((file) => file.JobSums),
  { ssr: false },
);

const columns = (withSeconds: boolean, hasLargeGap: boolean) => [
  // "Wed 18 Nov  02:30:05", "21 Nov 2025  31,536,000 ticks"
  hasLargeGap ? '13.5rem' : withSeconds ? '11rem' : '9.5rem',
  '7rem',
  // "1 min 41 s"
  '5.75rem',
  '6.25rem',
  '5.5rem',
  '2.75rem',
  'auto',
];
const COLUMNS = 7;

/** Everything that became of the job's ticks and requests, newest first. */
export function JobLedger({
  name,
  job,
  firstAt,
}: {
  name: JobName;
  job: JobDetail;
  /** Where the chart begins: the sum counts from there when no time is chosen. */
  firstAt: string;
}) {
  const t = useTranslations('job');
  const { page, gap: openGap, set } = useLedgerPage();
  const [hasSums, setHasSums] = useState(false);
  const ledger = useQuery(jobLedgerQuery(name, page));
  const isManual = job.schedule?.isManual !== false;
  const isNewest = page.cursor === undefined;
  const rows = ledger.data?.rows ?? [];
  const { shown, waiting, show } = useHeldRows(rows, idOf, isNewest);
  const nextAt = useNextTick(name, job);
  const showsNext = isNewest && page.to === undefined && nextAt !== null;
  const withSeconds = rows.some(hasSeconds);
  const router = useRouter();
  const runIds = shown.flatMap((row) => (row.kind === 'run' ? [row.run.id] : []));
  const { rowProps } = useRowKeys(runIds, { onOpen: (id) => router.push(`/runs/${id}`) });

  if (ledger.isError && !ledger.data) {
    return (
      <LedgerProblem problem={ledger.error.message} onTryAgain={() => void ledger.refetch()} />
    );
  }
  if (!ledger.data) return <RowsSkeleton rows={10} label={t('ledgerLoading')} />;
  return (
    <>
      {!isManual && (
        <LedgerSum
          name={name}
          from={page.from ?? firstAt}
          to={page.to}
          isOpen={hasSums}
          onToggle={() => setHasSums(!hasSums)}
        />
      )}
      {hasSums && <JobSums jobId={name.id} />}
      {shown.length === 0 && !showsNext ? (
        <LedgerEmpty isFiltered={page.from !== undefined || page.to !== undefined} />
      ) : (
        <Table aria-label={t('ledger')} className="mt-1.5" aria-busy={ledger.isPlaceholderData}>
          <colgroup>
            {columns(withSeconds, rows.some(isLargeGap)).map((width, index) => (
              <col key={index} style={{ width }} />
            ))}
          </colgroup>
          <TableHead>
            <Th sort="descending">{t(isManual ? 'column.time' : 'column.tick')}</Th>
            <Th>{t('column.outcome')}</Th>
            <Th numeric className="pr-4">
              {t('column.took')}
            </Th>
            <Th>{t('column.why')}</Th>
            <Th>{t('column.worker')}</Th>
            <Th>{t('column.revision')}</Th>
            <Th>{t('column.became')}</Th>
          </TableHead>
          <TableBody>
            {showsNext && (
              <>
                <PlannedRow at={nextAt} withSeconds={withSeconds} revision={job.revision} />
                <NowRow />
              </>
            )}
            {shown.map((row) =>
              row.kind === 'run' ? (
                <LedgerRunRow
                  key={idOf(row)}
                  run={row.run}
                  withSeconds={withSeconds}
                  {...rowProps(row.run.id)}
                />
              ) : (
                <LedgerGapRows
                  key={idOf(row)}
                  gap={row.gap}
                  jobId={name.id}
                  columns={COLUMNS}
                  isOpen={openGap === row.gap.id}
                  onToggle={() => set({ gap: openGap === row.gap.id ? null : row.gap.id })}
                />
              ),
            )}
          </TableBody>
        </Table>
      )}
      {waiting > 0 && <NewRowsButton count={waiting} onShow={show} />}
      {(ledger.data.newer ?? ledger.data.older) !== null && (
        <LedgerPager page={page} newer={ledger.data.newer} older={ledger.data.older} />
      )}
    </>
  );
}

const idOf = (row: LedgerRow) => (row.kind === 'run' ? `run ${row.run.id}` : `gap ${row.gap.id}`);

/** A job that fires within the minute shows the seconds of every tick. */
const hasSeconds = (row: LedgerRow) =>
  row.kind === 'run' &&
  row.run.trigger === 'tick' &&
  Date.parse(row.run.scheduledFor) % 60_000 !== 0;

const isLargeGap = (row: LedgerRow) => row.kind === 'gap' && (row.gap.ticks ?? 0) >= 10_000;

function NowRow() {
  const t = useTranslations('job');
  const words = useTimeWords();
  const now = useClockText((nowMs) => words.absolute(nowMs, nowMs, 'time'));
  return (
    <tr className="phone:block phone:py-1">
      <td colSpan={COLUMNS} className="h-4 p-0 phone:block">
        <span
          className="flex items-center gap-2 text-axis after:flex-1 after:border-t after:border-ink"
          suppressHydrationWarning
        >
          {t('nowAt', { time: now })}
        </span>
      </td>
    </tr>
  );
}
