'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { type Period, PERIODS } from '#core/schedules/periods.ts';
import { Segmented } from '#components/ui/segmented.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { jobSumsQuery } from './ledger-queries.ts';
import { Steps } from './steps.tsx';
import { SumsTable } from './sums-table.tsx';
import { UnevenNotice } from './uneven-notice.tsx';

type Stretch = { from: string | null; to: string | null };
const UP_TO_NOW: Stretch = { from: null, to: null };

/** A job's ticks by hour, day or month; a line of it opens that part of the ledger. */
export function JobSums({ jobId }: { jobId: number }) {
  const t = useTranslations('ledger');
  const timeZone = useTimeZone() ?? 'UTC';
  const path = usePathname();
  const [by, setBy] = useState<Period>('day');
  const [stretch, setStretch] = useState<Stretch>(UP_TO_NOW);
  const { from, to } = stretch;
  const asked = { by, timeZone, ...(from !== null && { from }), ...(to !== null && { to }) };
  const { data, error } = useQuery(jobSumsQuery(jobId, asked));
  return (
    <section aria-label={t('jobSums')} className="mt-2 mb-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Segmented
          label={t('by')}
          value={by}
          onValueChange={(next: Period) => {
            setBy(next);
            setStretch(UP_TO_NOW);
          }}
          options={PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))}
        />
        {data && <Steps sums={data} isNewest={to === null} onStep={setStretch} />}
      </div>
      {error && !data && <p className="py-2 text-table text-fail-ink">{error.message}</p>}
      {!data && !error && <RowsSkeleton rows={8} dense label={t('loading')} />}
      {data && (
        <>
          <UnevenNotice sums={data} />
          <SumsTable
            sums={data}
            isOfJob
            hrefOf={(period) => `${path}?${new URLSearchParams(period)}`}
          />
        </>
      )}
    </section>
  );
}
