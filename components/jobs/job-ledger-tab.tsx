'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { JobAside } from './job-aside.tsx';
import { JobLedger } from './job-ledger.tsx';
import { jobChartQuery, jobQuery, sumBegins, type JobName } from './job-queries.ts';

const noTicks = { ticks: [], timeZone: null, clockChanges: [], startsAt: null };

/** The first tab: what became of everything, and beside it what comes and what the job is. */
export function JobLedgerTab({ name }: { name: JobName }) {
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const { data: chart } = useSuspenseQuery(jobChartQuery(name));
  return (
    <div className="min-[75rem]:grid min-[75rem]:grid-cols-[minmax(0,1fr)_17rem] min-[75rem]:gap-10">
      <div className="min-w-0 pt-3.5">
        <JobLedger name={name} job={job} firstAt={sumBegins(chart, job)} />
      </div>
      <JobAside job={job} next={job.deletedAt === null ? chart.next : noTicks} />
    </div>
  );
}
