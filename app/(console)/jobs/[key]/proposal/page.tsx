import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { proposalQuery } from '#components/proposals/proposal-queries.ts';
import { ProposalScreen } from '#components/proposals/proposal-screen.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { readProposal } from '#core/proposals/read-proposals.ts';
import { valueOf } from '../../../../value-of.ts';
import { jobOfPage } from '../job-of-page.ts';
import { allowProposal, refuseProposal, withdrawProposal } from './actions.ts';

export async function generateMetadata({
  params,
}: PageProps<'/jobs/[key]/proposal'>): Promise<Metadata> {
  const t = await getTranslations('proposal');
  return { title: t('titleOf', { key: (await params).key }) };
}

export default async function ProposalPage({ params }: PageProps<'/jobs/[key]/proposal'>) {
  const { key } = await params;
  const { actor, name } = await jobOfPage(key);
  const read = async () => valueOf(await readProposal(actor, { jobId: name.id }));
  return (
    <ServerQueries queries={[{ queryKey: proposalQuery(name).queryKey, queryFn: read }]}>
      <ProposalScreen name={name} actions={{ allowProposal, refuseProposal, withdrawProposal }} />
    </ServerQueries>
  );
}
