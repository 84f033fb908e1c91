import { readNextTicks } from '#core/jobs/next-ticks.ts';
import { JobNextTicks } from '#components/jobs/job-next-ticks.tsx';
import { nextTicksQuery, TICKS_ON_PAGE } from '#components/jobs/job-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { valueOf } from '../../../../../value-of.ts';
import { jobOfPage } from '../../job-of-page.ts';

export default async function JobNextPage({ params }: PageProps<'/jobs/[key]/next'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  const ticks = async () =>
    valueOf(await readNextTicks(actor, { jobId: job.id, limit: TICKS_ON_PAGE }));
  return (
    <ServerQueries queries={[{ queryKey: nextTicksQuery(name).queryKey, queryFn: ticks }]}>
      <JobNextTicks name={name} />
    </ServerQueries>
  );
}
