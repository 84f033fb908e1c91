'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { LedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { BUCKETS } from '#core/runs/outcomes.ts';
import { type Period, PERIODS } from '#core/schedules/periods.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';
import { useLedgerAddress } from './ledger-address.ts';
import { ledgerSumsQuery } from './ledger-queries.ts';
import { Steps } from './steps.tsx';
import { SumsTable } from './sums-table.tsx';
import { UnevenNotice } from './uneven-notice.tsx';

/** Is every tick accounted for? By hour, day and month, and which jobs don't add up. */
export function LedgerScreen() {
  const t = useTranslations('ledger');
  const timeZone = useTimeZone() ?? 'UTC';
  const [{ by, from, to }, change] = useLedgerAddress();
  const asked = { by, timeZone, ...(from !== null && { from }), ...(to !== null && { to }) };
  const { data, isError, error, refetch, isPlaceholderData } = useQuery(ledgerSumsQuery(asked));
  if (!data) {
    return isError ? (
      <LoadProblem
        heading="h1"
        title={t('problem')}
        meaning={error.message}
        onRetry={() => void refetch()}
      />
    ) : (
      <LedgerSkeleton />
    );
  }
  return (
    <>
      <PageHead title={t('title')} sentence={<Sentence sums={data} />} />
      <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Segmented
          label={t('by')}
          value={by}
          onValueChange={(next: Period) => change({ by: next, from: null, to: null })}
          options={PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))}
        />
        <Steps sums={data} isNewest={to === null} onStep={change} />
      </div>
      <UnevenNotice sums={data} />
      <div aria-busy={isPlaceholderData}>
        {data.sum.expected === 0 && data.unevenCount === 0 ? (
          <EmptyState title={t('emptyTitle')}>{t('emptyHint')}</EmptyState>
        ) : (
          <SumsTable sums={data} hrefOf={(period) => `/runs?${new URLSearchParams(period)}`} />
        )}
      </div>
      <p className="mt-3 max-w-[88ch] text-meta text-ink-3">{t('basis')}</p>
    </>
  );
}

function Sentence({ sums }: { sums: LedgerSums }) {
  const t = useTranslations('ledger');
  const words = useTimeWords();
  const clock = useClock();
  const { sum, unevenCount, jobs } = sums;
  const values = {
    from: words.absolute(Date.parse(sums.from), clock.atFirst),
    expected: sum.expected,
    b: (chunks: ReactNode) => <b>{chunks}</b>,
  };
  if (unevenCount > 0) {
    const counted = BUCKETS.reduce((total, bucket) => total + sum.buckets[bucket], 0);
    return (
      <>
        <StateGlyph state="failed" />
        {t.rich('uneven', { ...values, jobs: unevenCount, counted })}
      </>
    );
  }
  return (
    <>
      <StateGlyph state="well" />
      {t.rich('even', { ...values, jobs, hasTicks: String(sum.expected > 0) })}
    </>
  );
}

export function LedgerSkeleton() {
  const t = useTranslations('ledger');
  return (
    <>
      <PageHead
        title={t('title')}
        sentence={<Skeleton className="mt-1.5 h-3.5 w-[min(34rem,80vw)]" />}
      />
      <Skeleton className="mt-4 h-control-small w-52 rounded-box" />
      <div className="mt-4">
        <RowsSkeleton rows={14} dense label={t('loading')} />
      </div>
    </>
  );
}
