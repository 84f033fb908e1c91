import type { Metadata } from 'next';
import { Suspense } from 'react';
import { readJobChart } from '#core/jobs/next-ticks.ts';
import { JobChartSection } from '#components/jobs/job-chart-section.tsx';
import { JobChartSkeleton } from '#components/jobs/job-chart.tsx';
import { JobHead } from '#components/jobs/job-head.tsx';
import { jobChartQuery, jobQuery } from '#components/jobs/job-queries.ts';
import { JobTabs } from '#components/jobs/job-tabs.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { valueOf } from '../../../../value-of.ts';
import {
  deleteJob,
  duplicateJob,
  pauseJobs,
  restoreRevision,
  resumeJobs,
  triggerJob,
} from '../actions.ts';
import { jobOfPage } from '../job-of-page.ts';
import { jobRights } from '../rights.ts';

export async function generateMetadata({ params }: LayoutProps<'/jobs/[key]'>): Promise<Metadata> {
  return { title: (await params).key };
}

export default async function JobLayout({ params, children }: LayoutProps<'/jobs/[key]'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  const chart = async () => valueOf(await readJobChart(actor, { jobId: job.id }));
  return (
    <ServerQueries
      queries={[{ queryKey: jobQuery(name).queryKey, queryFn: () => Promise.resolve(job) }]}
    >
      <JobHead
        name={name}
        rights={jobRights(actor)}
        actions={{
          deleteJob,
          duplicateJob,
          pauseJobs,
          restoreRevision,
          resumeJobs,
          triggerJob,
        }}
      />
      <Suspense fallback={<JobChartSkeleton />}>
        <ServerQueries queries={[{ queryKey: jobChartQuery(name).queryKey, queryFn: chart }]}>
          <JobChartSection name={name} />
        </ServerQueries>
      </Suspense>
      <JobTabs name={name} />
      {children}
    </ServerQueries>
  );
}
