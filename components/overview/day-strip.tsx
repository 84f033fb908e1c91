'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { Button } from '#components/ui/button.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { DaySum } from './day-sum.tsx';
import { dayQuery } from './overview-queries.ts';
import { placeStrip } from './strip-layout.ts';
import { StripChart } from './strip-chart.tsx';

const DayTable = dynamic(() => import('./day-table.tsx').then((file) => file.DayTable), {
  ssr: false,
});

/** What happened in the last 24 h and what comes in the next 6 h; the phone shows 6 h and 2 h of it. */
export function DayStripSection() {
  const t = useTranslations('overview');
  const { data: day } = useQuery(dayQuery);
  const [isTable, setIsTable] = useState(false);
  usePageActions([
    {
      id: 'strip-table',
      label: t(isTable ? 'asChart' : 'asTable'),
      keys: 'd',
      run: () => setIsTable(!isTable),
    },
  ]);
  if (!day) return <DayStripSkeleton />;
  return (
    <section aria-label={t('strip')} className="mt-5">
      {isTable ? (
        <DayTable day={day} />
      ) : (
        <>
          <StripChart strip={placeStrip(day, 24, 6)} everyHours={3} className="phone:hidden" />
          <StripChart
            strip={placeStrip(day, 6, 2)}
            everyHours={2}
            isShort
            className="desk:hidden"
          />
        </>
      )}
      <div className="mt-2 flex items-start justify-between gap-4">
        <DaySum sum={day.sum} />
        <Button
          variant="quiet"
          size="small"
          className="-mt-1 phone:-mt-3"
          onClick={() => setIsTable(!isTable)}
        >
          {t(isTable ? 'asChart' : 'asTable')}
        </Button>
      </div>
    </section>
  );
}

export function DayStripSkeleton() {
  return (
    <div className="mt-5">
      <Skeleton className="h-[132px] w-full" />
      <Skeleton className="mt-4 h-3.5 w-[min(30rem,100%)]" />
    </div>
  );
}
