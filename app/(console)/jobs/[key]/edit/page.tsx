import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readJobOptions } from '#core/jobs/job-options.ts';
import { EditJobPage } from '#components/jobs/editor-page.tsx';
import { EditorRefused } from '#components/jobs/editor-refused.tsx';
import { jobQuery } from '#components/jobs/job-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { editorReachOf } from '../../editor-reach-of.ts';
import { createJob } from '../../new/actions.ts';
import { jobOfPage } from '../job-of-page.ts';
import { jobRights } from '../rights.ts';
import { restoreRevision } from '../actions.ts';
import { editJob } from './actions.ts';

export async function generateMetadata({
  params,
}: PageProps<'/jobs/[key]/edit'>): Promise<Metadata> {
  const t = await getTranslations('editor');
  return { title: t('editOf', { key: (await params).key }) };
}

export default async function EditPage({ params }: PageProps<'/jobs/[key]/edit'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  if (!jobRights(actor, job).edit) return <EditorRefused jobKey={job.key} why="not_allowed" />;
  if (job.deletedAt !== null) return <EditorRefused jobKey={job.key} why="deleted" />;
  const options = await readJobOptions(actor);
  return (
    <ServerQueries
      queries={[{ queryKey: jobQuery(name).queryKey, queryFn: () => Promise.resolve(job) }]}
    >
      <EditJobPage
        name={name}
        options={options}
        actions={{ create: createJob, edit: editJob, restore: restoreRevision }}
        user={{ id: actor.id, email: actor.email }}
        reach={editorReachOf(actor, job)}
      />
    </ServerQueries>
  );
}
