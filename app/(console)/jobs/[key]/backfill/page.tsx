import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readBackfills } from '#core/backfill/read-backfill.ts';
import { backfillsQuery } from '#components/backfill/backfill-queries.ts';
import { BackfillScreen } from '#components/backfill/backfill-screen.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { valueOf } from '../../../../value-of.ts';
import { jobOfPage } from '../job-of-page.ts';
import { jobRights } from '../rights.ts';
import { startBackfill } from './actions.ts';

export async function generateMetadata({
  params,
}: PageProps<'/jobs/[key]/backfill'>): Promise<Metadata> {
  const t = await getTranslations('backfill');
  return { title: t('titleOf', { key: (await params).key }) };
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export default async function BackfillPage({ params }: PageProps<'/jobs/[key]/backfill'>) {
  const { key } = await params;
  const { actor, job } = await jobOfPage(key);
  // A whole minute, so that what is shown is what is asked for.
  const dayAgo = Math.floor((Date.now() - DAY_MS) / MINUTE_MS) * MINUTE_MS;
  return (
    <ServerQueries
      queries={[
        {
          queryKey: backfillsQuery(job.id).queryKey,
          queryFn: async () => valueOf(await readBackfills(actor, { jobId: job.id })),
        },
      ]}
    >
      <BackfillScreen
        job={{
          id: job.id,
          key: job.key,
          revision: job.revision,
          isDeleted: job.deletedAt !== null,
          runsSideBySide: job.definition?.overlap === 'allow',
          parameters: job.definition?.parameters ?? [],
        }}
        usualFrom={new Date(dayAgo).toISOString()}
        mayStart={jobRights(actor, job).trigger}
        startBackfill={startBackfill}
      />
    </ServerQueries>
  );
}
