import { notFound } from 'next/navigation';
import { readGoneRun } from '#core/history/gone-run.ts';
import { RunIdInAddress } from '#core/ids.ts';
import { isRunKnown } from '#core/runs/read-run.ts';
import { requireActor } from '../../../session.ts';

/** Answers 404 for a run that there isn't, and of whose month nothing is known: below the skeleton (loading.tsx) the answer has begun as 200. */
export default async function KnownRunLayout({ params, children }: LayoutProps<'/runs/[id]'>) {
  const text = (await params).id;
  const actor = await requireActor(`/runs/${encodeURIComponent(text)}`);
  const id = RunIdInAddress.safeParse(text);
  if (!id.success) notFound();
  if (!(await isRunKnown(actor, id.data)) && !(await readGoneRun(actor, id.data))) notFound();
  return children;
}
