import { readJobLedger } from '#core/jobs/ledger.ts';
import { JobLedgerTab } from '#components/jobs/job-ledger-tab.tsx';
import { jobLedgerQuery, type LedgerPage } from '#components/jobs/job-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { valueOf } from '../../../../value-of.ts';
import { jobOfPage } from '../job-of-page.ts';

export default async function JobLedgerPage({ params, searchParams }: PageProps<'/jobs/[key]'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  const page = ledgerPage(await searchParams);
  const ledger = async () => valueOf(await readJobLedger(actor, { jobId: job.id, ...page }));
  return (
    <ServerQueries queries={[{ queryKey: jobLedgerQuery(name, page).queryKey, queryFn: ledger }]}>
      <JobLedgerTab name={name} />
    </ServerQueries>
  );
}

/** The same as the address says to the client; what isn't one word is left out. */
function ledgerPage(query: Record<string, string | string[] | undefined>): LedgerPage {
  const given = (['from', 'to', 'cursor'] as const).flatMap((name) =>
    typeof query[name] === 'string' ? [[name, query[name]]] : [],
  );
  return Object.fromEntries(given) as LedgerPage;
}
