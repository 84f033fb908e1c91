'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { SumMark, sumOfParts, type SumPart, SumTerms } from '#components/ledger/sum-terms.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ledgerCountsQuery, type JobName } from './job-queries.ts';

// Few look back that far.
const HistoryBefore = dynamic(() =>
  import('./history-before.tsx').then((module) => module.HistoryBefore),
);

const ALWAYS: readonly SumPart[] = ['ran'];

/** Every tick accounted for: what the schedule should have fired is the sum of what became of it. */
export function LedgerSum({
  name,
  from,
  to,
  isOpen,
  onToggle,
}: {
  name: JobName;
  from: string;
  to: string | undefined;
  /** Whether the sums by hour, day or month show below. */
  isOpen: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations('job');
  const ledger = useTranslations('ledger');
  const words = useTimeWords();
  const clock = useClock();
  const counts = useQuery(ledgerCountsQuery(name, { from, ...(to !== undefined && { to }) }));
  if (counts.isError && !counts.data) return null;
  if (!counts.data) return <Skeleton className="my-1 h-3.5 w-96" />;
  const { data } = counts;
  const day = (at: string) => words.absolute(Date.parse(at), clock.atFirst);
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-table text-ink-2 [&_b]:font-semibold [&_b]:text-ink"
    >
      <span suppressHydrationWarning>
        {t.rich('expected', {
          from: day(data.from),
          hasEnd: String(to !== undefined),
          to: day(data.to),
          count: data.expected,
          b: (number) => <b>{number}</b>,
        })}
      </span>
      <SumTerms counts={data} always={ALWAYS} wordOf={(part) => t(`sum.${part}`)} />
      <SumMark
        isEven={data.isEven}
        evenLabel={t('sumIsEven')}
        offLabel={t('sumIsOff', { count: Math.abs(data.expected - sumOfParts(data)) })}
      />
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="text-accent hover:underline"
      >
        {ledger(isOpen ? 'jobSumsHide' : 'jobSums')}
      </button>
      <TextLink
        href={`/jobs/${name.key}/backfill?${new URLSearchParams({ from, ...(to !== undefined && { to }) })}`}
      >
        {t('backfill')}
      </TextLink>
      {data.before && <HistoryBefore before={data.before} from={day(data.from)} />}
    </p>
  );
}
