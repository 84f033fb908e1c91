import { getTranslations } from 'next-intl/server';
import { may } from '#core/auth/permissions.ts';
import { listRevisions } from '#core/jobs/read-job.ts';
import { revisionsQuery } from '#components/jobs/job-queries.ts';
import { RevisionList } from '#components/jobs/revision-list.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
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
      {may(actor, 'audit:read') && <TrailLink jobKey={key} />}
    </ServerQueries>
  );
}

/** Revisions say how the job was edited; the trail has all else that was done with it and its runs. */
async function TrailLink({ jobKey }: { jobKey: string }) {
  const t = await getTranslations('audit.job');
  return (
    <p className="mt-6 text-table text-ink-2">
      {t.rich('sentence', {
        link: (words) => (
          <TextLink href={`/settings/audit?job=${jobKey}`} className="underline">
            {words}
          </TextLink>
        ),
      })}
    </p>
  );
}
