import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { mayForSome } from '#core/auth/permissions.ts';
import { readJobOptions } from '#core/jobs/job-options.ts';
import { NewJobPage } from '#components/jobs/editor-page.tsx';
import { EditorRefused } from '#components/jobs/editor-refused.tsx';
import { requireActor } from '../../../session.ts';
import { restoreRevision } from '../[key]/actions.ts';
import { editJob } from '../[key]/edit/actions.ts';
import { reachOfNewJob } from '../editor-reach-of.ts';
import { createJob } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('editor');
  return { title: t('newTitle') };
}

export default async function NewPage() {
  const actor = await requireActor('/jobs/new');
  if (!mayForSome(actor, 'job:write')) return <EditorRefused jobKey={null} why="not_allowed" />;
  const options = await readJobOptions(actor);
  return (
    <NewJobPage
      options={options}
      actions={{ create: createJob, edit: editJob, restore: restoreRevision }}
      user={{ id: actor.id, email: actor.email }}
      reach={reachOfNewJob(actor)}
    />
  );
}
