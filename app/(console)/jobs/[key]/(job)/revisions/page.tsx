import { listRevisions } from '#core/jobs/read-job.ts';
import { revisionsQuery } from '#components/jobs/job-queries.ts';
import { RevisionList } from '#components/jobs/revision-list.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { valueOf } from '../../../../../value-of.ts';
import { restoreRevision } from '../../actions.ts';
import { jobOfPage } from '../../job-of-page.ts';
import { jobRights } from '../../rights.ts';

export default async function JobRevisionsPage({ params }: PageProps<'/jobs/[key]/revisions'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  const revisions = async () => valueOf(await listRevisions(actor, key));
  return (
    <ServerQueries queries={[{ queryKey: revisionsQuery(name).queryKey, queryFn: revisions }]}>
      <RevisionList name={name} restoreRevision={restoreRevision} rights={jobRights(actor, job)} />
    </ServerQueries>
  );
}
