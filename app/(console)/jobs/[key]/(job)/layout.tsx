import type { Metadata } from 'next';
import { JobChartSection } from '#components/jobs/job-chart-section.tsx';
import { JobHead } from '#components/jobs/job-head.tsx';
import { jobChartQuery, jobQuery } from '#components/jobs/job-queries.ts';
import { JobTabs } from '#components/jobs/job-tabs.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { trialsQuery } from '#components/trials/trial-queries.ts';
import { whyQuery } from '#components/why/why-query.ts';
import { readTrialsOf } from '#core/trials/trials.ts';
import { readWhy } from '#core/why/read-why.ts';
import {
  changePauseEnd,
  deleteJob,
  duplicateJob,
  endTrial,
  pauseJobs,
  restoreRevision,
  resumeJobs,
  triggerJob,
} from '../actions.ts';
import { chartOfPage, jobOfPage } from '../job-of-page.ts';
import { jobRights } from '../rights.ts';
import { valueOf } from '../../../../value-of.ts';

export async function generateMetadata({ params }: LayoutProps<'/jobs/[key]'>): Promise<Metadata> {
  return { title: (await params).key };
}

export default async function JobLayout({ params, children }: LayoutProps<'/jobs/[key]'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  const chart = await chartOfPage(key);
  const trials = valueOf(await readTrialsOf(actor, { jobId: name.id }));
  return (
    <ServerQueries
      queries={[
        { queryKey: jobQuery(name).queryKey, queryFn: () => Promise.resolve(job) },
        { queryKey: jobChartQuery(name).queryKey, queryFn: () => Promise.resolve(chart) },
        { queryKey: trialsQuery(name).queryKey, queryFn: () => Promise.resolve(trials) },
        {
          queryKey: whyQuery({ key }).queryKey,
          queryFn: async () => valueOf(await readWhy(actor, { key })),
        },
      ]}
    >
      <JobHead
        name={name}
        rights={jobRights(actor, job)}
        endTrial={trials.length > 0 ? endTrial : undefined}
        actions={{
          changePauseEnd,
          deleteJob,
          duplicateJob,
          pauseJobs,
          restoreRevision,
          resumeJobs,
          triggerJob,
        }}
      />
      <JobChartSection name={name} />
      <JobTabs name={name} />
      {children}
    </ServerQueries>
  );
}
