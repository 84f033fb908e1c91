import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Suspense } from 'react';
import { jobListFilters, readJobListAddress } from '#components/jobs/job-list-address.ts';
import { jobListQuery } from '#components/jobs/job-list-queries.ts';
import { JobList, JobListSkeleton } from '#components/jobs/job-list.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { mayForSome } from '#core/auth/permissions.ts';
import { rightOf } from '#core/auth/right-of.ts';
import { either } from '#core/auth/right.ts';
import { listJobs } from '#core/jobs/reads.ts';
import { sampleRights } from '#core/samples/sample-rights.ts';
import { requireActor } from '../../session.ts';
import { valueOf } from '../../value-of.ts';
import { addSamples, removeSamples } from '../settings/installation/actions.ts';
import { pauseJobs, resumeJobs, triggerJob } from './[key]/actions.ts';
import { triggerJobs } from './actions.ts';

type Props = { searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('jobs');
  return { title: t('title') };
}

export default function JobsPage(props: Props) {
  return (
    <Suspense fallback={<JobListSkeleton />}>
      <Jobs {...props} />
    </Suspense>
  );
}

async function Jobs({ searchParams }: Props) {
  const actor = await requireActor('/jobs');
  const filters = jobListFilters(readJobListAddress(await searchParams));
  const list = await listJobs(actor, filters);
  // A cursor that was cut off in a message: the first page is what is left of the link.
  if (!list.ok && list.refusal.code === 'invalid') redirect('/jobs');
  return (
    <ServerQueries
      queries={[
        {
          queryKey: jobListQuery(filters).queryKey,
          queryFn: () => Promise.resolve(valueOf(list)),
        },
      ]}
    >
      <JobList
        actions={{ triggerJob, pauseJobs, resumeJobs, triggerJobs }}
        samples={{ addSamples, removeSamples }}
        rights={{
          trigger: rightOf(actor, 'job:trigger'),
          pause: rightOf(actor, 'job:pause'),
          edit: either(rightOf(actor, 'job:write'), rightOf(actor, 'job:write_when')),
          create: mayForSome(actor, 'job:write'),
          addSamples: sampleRights(actor).add,
        }}
      />
    </ServerQueries>
  );
}
