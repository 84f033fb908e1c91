'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { JobChart } from './job-chart.tsx';
import { jobChartQuery, jobQuery, type JobName } from './job-queries.ts';
import type { Stretch } from './job-chart-brush.tsx';
import { useLedgerPage } from './use-ledger-page.ts';

/** The chart, which is the filter of the ledger's time as well: from another tab it leads there. */
export function JobChartSection({ name }: { name: JobName }) {
  const { data: chart } = useSuspenseQuery(jobChartQuery(name));
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const { page, set } = useLedgerPage();
  const path = usePathname();
  const router = useRouter();
  const choose = (stretch: Stretch | null, isStep: boolean) => {
    if (path === `/jobs/${name.key}`) {
      set(
        { from: stretch?.from ?? null, to: stretch?.to ?? null, cursor: null },
        isStep ? 'replace' : 'push',
      );
      return;
    }
    const query = stretch && { from: stretch.from, ...(stretch.to !== null && { to: stretch.to }) };
    router.push(`/jobs/${name.key}${query ? `?${new URLSearchParams(query)}` : ''}`);
  };
  const stretch = page.from === undefined ? null : { from: page.from, to: page.to ?? null };
  return (
    <JobChart chart={chart} reliability={job.reliability} stretch={stretch} onStretch={choose} />
  );
}
