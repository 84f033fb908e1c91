import { notFound } from 'next/navigation';
import { RunIdInAddress } from '#core/ids.ts';
import { isRunKnown } from '#core/runs/read-run.ts';
import { requireActor } from '../../../session.ts';

/** Answers 404 for a run that there isn't: below the skeleton (loading.tsx) the answer has begun as 200. */
export default async function KnownRunLayout({ params, children }: LayoutProps<'/runs/[id]'>) {
  const text = (await params).id;
  const actor = await requireActor(`/runs/${encodeURIComponent(text)}`);
  const id = RunIdInAddress.safeParse(text);
  if (!id.success || !(await isRunKnown(actor, id.data))) notFound();
  return children;
}
