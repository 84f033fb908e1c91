import { notFound } from 'next/navigation';
import { isJobKnown } from '#core/jobs/read-job.ts';
import { requireActor } from '../../../session.ts';

/** Answers 404 for a job that there never was: below the skeletons (loading.tsx) the answer has begun as 200. */
export default async function KnownJobLayout({ params, children }: LayoutProps<'/jobs/[key]'>) {
  const { key } = await params;
  const actor = await requireActor(`/jobs/${key}`);
  if (!(await isJobKnown(actor, key))) notFound();
  return children;
}
