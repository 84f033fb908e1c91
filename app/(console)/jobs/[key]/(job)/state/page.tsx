import { jobStateQuery } from '#components/job-state/job-state-queries.ts';
import { JobStateScreen } from '#components/job-state/job-state-screen.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { readJobState } from '#core/job-state/read-job-state.ts';
import { valueOf } from '../../../../../value-of.ts';
import { editJobState, restoreJobState } from './actions.ts';
import { jobOfPage } from '../../job-of-page.ts';
import { jobRights } from '../../rights.ts';

export default async function JobStatePage({
  params,
  searchParams,
}: PageProps<'/jobs/[key]/state'>) {
  const { key } = await params;
  const { version: asked } = await searchParams;
  const { actor, job, name } = await jobOfPage(key);
  const version = typeof asked === 'string' && /^\d{1,9}$/.test(asked) ? Number(asked) : null;
  const state = async () =>
    valueOf(
      await readJobState(actor, { jobId: name.id, ...(version === null ? {} : { version }) }),
    );
  return (
    <ServerQueries
      queries={[{ queryKey: jobStateQuery(name.id, version).queryKey, queryFn: state }]}
    >
      <JobStateScreen
        jobId={name.id}
        jobKey={key}
        mayEdit={jobRights(actor, job).write && job.deletedAt === null}
        actions={{ editJobState, restoreJobState }}
      />
    </ServerQueries>
  );
}
