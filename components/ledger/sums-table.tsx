'use client';

import { Check, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import type { LedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import type { PeriodSum } from '#core/ledger-sums/sum-periods.ts';
import { BUCKETS } from '#core/runs/outcomes.ts';
import type { Period } from '#core/schedules/periods.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { SharesBar } from './shares-bar.tsx';

/** A period a line: what schedules asked for, and what became of it. */
export function SumsTable({
  sums,
  isOfJob = false,
  hrefOf,
}: {
  sums: LedgerSums;
  isOfJob?: boolean;
  /** Where the runs and gaps of a period are listed. */
  hrefOf: (period: { from: string; to: string }) => string;
}) {
  const t = useTranslations('ledger');
  return (
    <Table bleed={false} aria-label={t('table', { by: sums.by })} className="mt-2">
      <TableHead>
        <Th className="w-34">{t('period', { by: sums.by })}</Th>
        <Th numeric className="w-24">
          {t('expected')}
        </Th>
        <Th className={cn('pl-6 desk:max-[75rem]:hidden', isOfJob ? 'w-28' : 'w-40')}>
          <span className="sr-only">{t('picture')}</span>
        </Th>
        {BUCKETS.map((bucket) => (
          <Th key={bucket} numeric title={t(`means.${bucket}`)}>
            {t(`head.${bucket}`)}
          </Th>
        ))}
        <Th className="w-12 text-center">
          <span className="sr-only">{t('adds')}</span>
        </Th>
      </TableHead>
      <TableBody>
        {withoutEmptyBegin(sums.periods).map(({ from, to, ...sum }) => (
          <SumRow key={from} sum={sum} isOfJob={isOfJob}>
            <Link href={hrefOf({ from, to })} className="hover:underline">
              <PeriodName by={sums.by} from={from} />
            </Link>
          </SumRow>
        ))}
        {sums.periods.length > 1 && (
          <SumRow sum={sums.sum} isOfJob={isOfJob} isTotal>
            {t('sum')}
          </SumRow>
        )}
      </TableBody>
    </Table>
  );
}

/** Periods before the first tick say nothing; an idle one between others stays. Newest first. */
function withoutEmptyBegin(periods: LedgerSums['periods']): LedgerSums['periods'] {
  const first = periods.findLastIndex(({ expected, unevenJobs }) => expected + unevenJobs > 0);
  return periods.slice(0, first + 1);
}

function SumRow({
  sum,
  isOfJob,
  isTotal = false,
  children,
}: {
  sum: PeriodSum;
  isOfJob: boolean;
  isTotal?: boolean;
  children: React.ReactNode;
}) {
  const t = useTranslations('ledger');
  const format = useFormatter();
  const isOff = sum.unevenJobs > 0;
  const told = BUCKETS.filter((bucket) => sum.buckets[bucket] > 0);
  return (
    <Tr
      className={cn(
        'h-8 phone:min-h-12 phone:grid-cols-[minmax(0,1fr)_auto_1.25rem]',
        isTotal && 'border-t border-t-line-axis font-medium',
        isOff && 'bg-fail-tint',
      )}
    >
      <Td className="phone:col-start-1 phone:row-start-1 phone:block">{children}</Td>
      <Td numeric className="phone:col-start-2 phone:row-start-1 phone:block">
        {format.number(sum.expected)}
      </Td>
      <Td className="phone:col-span-3 phone:row-start-3 phone:block phone:pt-1.5 desk:pl-6 desk:max-[75rem]:hidden">
        <SharesBar sum={sum} />
      </Td>
      {BUCKETS.map((bucket) => (
        <Td key={bucket} numeric className={cn(sum.buckets[bucket] === 0 && 'text-ink-3')}>
          {sum.buckets[bucket] === 0 ? '–' : format.number(sum.buckets[bucket])}
        </Td>
      ))}
      <Td className="text-center phone:col-start-3 phone:row-start-1 phone:block">
        {isOff ? (
          <X
            role="img"
            aria-label={isOfJob ? t('offOne') : t('off', { jobs: sum.unevenJobs })}
            className="inline size-4 text-fail-ink"
          />
        ) : (
          <Check role="img" aria-label={t('adds')} className="inline size-3.5 text-ok-ink" />
        )}
      </Td>
      <Td className="phone:col-span-3 phone:row-start-2 phone:block phone:text-meta phone:text-ink-3 desk:hidden!">
        {told
          .map((bucket) => `${t(`bucket.${bucket}`)} ${format.number(sum.buckets[bucket])}`)
          .join(', ')}
      </Td>
    </Tr>
  );
}

function PeriodName({ by, from }: { by: Period; from: string }) {
  const format = useFormatter();
  if (by === 'month') {
    return (
      <time dateTime={from} suppressHydrationWarning>
        {format.dateTime(new Date(from), { month: 'long', year: 'numeric' })}
      </time>
    );
  }
  return <AbsoluteTime at={from} form={by === 'day' ? 'day' : 'short'} />;
}
