'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { Backfill } from '#core/backfill/read-backfill.ts';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { StateWord } from '#components/state/state-word.tsx';
import type { ShownState } from '#components/state/state.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Link } from '#components/ui/link.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { backfillsQuery } from './backfill-queries.ts';
import { ProgressBar } from './progress-bar.tsx';

/** The job's backfills, the newest first, with how far each has come. */
export function BackfillList({ jobId, jobKey }: { jobId: number; jobKey: string }) {
  const t = useTranslations('backfill');
  const router = useRouter();
  const list = useQuery(backfillsQuery(jobId));
  const ids = (list.data ?? []).map(({ id }) => id);
  const { rowProps } = useRowKeys(ids, {
    onOpen: (id) => router.push(`/jobs/${jobKey}/backfill/${id}`),
  });
  if (list.isError && !list.data) {
    return (
      <LoadProblem
        title={t('listFailed')}
        meaning={list.error.message}
        onRetry={() => void list.refetch()}
      />
    );
  }
  if (!list.data) return <RowsSkeleton rows={3} label={t('listLoading')} />;
  if (list.data.length === 0) {
    return <EmptyState title={t('listEmpty')}>{t('listEmptyHint')}</EmptyState>;
  }
  return (
    <Table aria-label={t('list')} className="mt-1.5">
      <colgroup>
        {['6.5rem', '6.75rem', 'auto', '13rem', '6.5rem', '7rem'].map((width, index) => (
          <col key={index} style={{ width }} />
        ))}
      </colgroup>
      <TableHead>
        <Th>{t('column.name')}</Th>
        <Th>{t('column.state')}</Th>
        <Th>{t('column.stretch')}</Th>
        <Th>{t('column.progress')}</Th>
        <Th>{t('column.by')}</Th>
        <Th sort="descending">{t('column.began')}</Th>
      </TableHead>
      <TableBody>
        {list.data.map((backfill) => (
          <BackfillRow key={backfill.id} backfill={backfill} {...rowProps(backfill.id)} />
        ))}
      </TableBody>
    </Table>
  );
}

function BackfillRow({
  backfill,
  ...row
}: {
  backfill: Backfill;
  'data-row': string;
  isCursor: boolean;
}) {
  const t = useTranslations('backfill');
  const { id, jobKey, state } = backfill;
  return (
    <Tr {...row} className="relative phone:grid-cols-[minmax(0,1fr)_auto]!">
      <Td className="phone:col-start-1! phone:row-start-1! phone:block!">
        <Link
          href={`/jobs/${jobKey}/backfill/${id}`}
          data-row-link
          className="after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {t('number', { id })}
        </Link>
      </Td>
      <Td className="phone:col-start-2! phone:row-start-1! phone:block!">
        <StateWord state={GLYPHS[state]} word={t(`state.${state}`)} />
      </Td>
      <Td className="text-ink-2">
        <StretchWords backfill={backfill} />
      </Td>
      <Td className="phone:col-span-2! phone:row-start-2! phone:block!">
        <span className="flex items-center gap-3">
          <ProgressBar backfill={backfill} className="min-w-16 flex-1" />
          <span className="shrink-0 text-meta text-ink-2 tabular-nums">
            {t('progress', { ended: backfill.ended, expected: backfill.expected })}
          </span>
        </span>
      </Td>
      <Td className="text-ink-2">{backfill.createdBy}</Td>
      <Td className="text-ink-2">
        <RelativeTime at={backfill.createdAt} />
      </Td>
    </Tr>
  );
}

export const GLYPHS: Readonly<Record<Backfill['state'], ShownState>> = {
  running: 'running',
  paused: 'paused',
  done: 'succeeded',
  cancelled: 'cancelled',
};

/** From when to when, each with its day: today is no help beside another one. */
export function StretchWords({ backfill: { from, to } }: { backfill: Backfill }) {
  const t = useTranslations('backfill');
  const words = useTimeWords();
  const clock = useClock();
  const say = (at: string) => {
    const atMs = Date.parse(at);
    return `${words.absolute(atMs, clock.atFirst, 'day')}, ${words.absolute(atMs, clock.atFirst, 'time')}`;
  };
  const stretch = t('stretch', { from: say(from), to: say(to) });
  return (
    <span title={stretch} suppressHydrationWarning>
      {stretch}
    </span>
  );
}
