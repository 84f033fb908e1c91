import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { readBackfill } from '#core/backfill/read-backfill.ts';
import { may } from '#core/auth/permissions.ts';
import { listRuns } from '#core/runs/reads.ts';
import { backfillQuery, backfillRunsQuery } from '#components/backfill/backfill-queries.ts';
import { BackfillDetailScreen } from '#components/backfill/backfill-detail-screen.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { valueOf } from '../../../../../value-of.ts';
import { jobOfPage } from '../../job-of-page.ts';
import { cancelBackfill, changeBackfillRate, goOnWithBackfill, pauseBackfill } from '../actions.ts';

type Props = PageProps<'/jobs/[key]/backfill/[id]'>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('backfill');
  const { id, key } = await params;
  return { title: `${t('number', { id })}, ${key}` };
}

export default async function BackfillDetailPage({ params }: Props) {
  const { key, id: text } = await params;
  if (!/^[1-9]\d{0,8}$/.test(text)) notFound();
  const id = Number(text);
  const { actor, job } = await jobOfPage(key);
  const backfill = await readBackfill(actor, { id });
  if (!backfill.ok || backfill.value.jobId !== job.id) notFound();
  return (
    <ServerQueries
      queries={[
        { queryKey: backfillQuery(id).queryKey, queryFn: () => Promise.resolve(backfill.value) },
        {
          queryKey: backfillRunsQuery(key, id).queryKey,
          queryFn: async () =>
            valueOf(await listRuns(actor, { jobKey: key, backfillId: id, limit: 20 })),
        },
      ]}
    >
      <BackfillDetailScreen
        id={id}
        jobKey={key}
        mayChange={may(actor, 'job:trigger', job) && job.deletedAt === null}
        actions={{ pauseBackfill, goOnWithBackfill, cancelBackfill, changeBackfillRate }}
      />
    </ServerQueries>
  );
}
