'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { RunSummary } from '#core/runs/summary.ts';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { StateWord } from '#components/state/state-word.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration, ElapsedTime } from '#components/time/duration.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Link } from '#components/ui/link.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { backfillRunsQuery } from './backfill-queries.ts';

/** The latest runs of a backfill, each with the tick that it stands for. */
export function BackfillRuns({
  id,
  jobKey,
  isGoing,
}: {
  id: number;
  jobKey: string;
  /** More of them come. */
  isGoing: boolean;
}) {
  const t = useTranslations('backfill');
  const job = useTranslations('job');
  const router = useRouter();
  const { data } = useQuery(backfillRunsQuery(jobKey, id));
  const runs = data?.runs ?? [];
  const { rowProps } = useRowKeys(
    runs.map((run) => run.id),
    { onOpen: (runId) => router.push(`/runs/${runId}`) },
  );
  if (!data) return <RowsSkeleton rows={5} label={t('loadingOne')} />;
  if (runs.length === 0) {
    return <EmptyState title={t('noRuns')}>{isGoing ? t('noRunsHint') : ''}</EmptyState>;
  }
  return (
    <Table aria-label={t('itsRuns')} className="mt-1.5">
      <colgroup>
        {['11rem', '8rem', '6rem', 'auto'].map((width, index) => (
          <col key={index} style={{ width }} />
        ))}
      </colgroup>
      <TableHead>
        <Th>{t('forTick')}</Th>
        <Th>{job('column.outcome')}</Th>
        <Th numeric className="pr-4">
          {job('column.took')}
        </Th>
        <Th>{job('column.became')}</Th>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <RunOfBackfill key={run.id} run={run} {...rowProps(run.id)} />
        ))}
      </TableBody>
    </Table>
  );
}

function RunOfBackfill({
  run,
  ...row
}: {
  run: RunSummary;
  'data-row': string;
  isCursor: boolean;
}) {
  return (
    <Tr {...row} className="relative phone:min-h-13! phone:grid-cols-[minmax(0,1fr)_auto]!">
      <Td className="tabular-nums phone:col-start-2! phone:row-start-1! phone:block!">
        <Link
          href={`/runs/${run.id}`}
          data-row-link
          className="after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <AbsoluteTime at={run.forTick ?? run.scheduledFor} />
        </Link>
      </Td>
      <Td className="phone:col-start-1! phone:row-start-1! phone:block!">
        <StateWord state={run.state} />
      </Td>
      <Td
        numeric
        className="pr-4 phone:col-start-2! phone:row-start-2! phone:block! phone:text-meta"
      >
        {run.state === 'running' && run.startedAt ? (
          <ElapsedTime since={run.startedAt} />
        ) : run.durationMs === null ? null : (
          <Duration ms={run.durationMs} />
        )}
      </Td>
      <Td className="text-ink-2 phone:col-start-1! phone:row-start-2! phone:block! phone:text-meta">
        {run.cause}
      </Td>
    </Tr>
  );
}
