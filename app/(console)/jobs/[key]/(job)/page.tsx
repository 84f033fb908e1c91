import { readJobLedger } from '#core/jobs/ledger.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { JobLedgerTab } from '#components/jobs/job-ledger-tab.tsx';
import {
  jobLedgerQuery,
  ledgerCountsQuery,
  sumBegins,
  type LedgerPage,
} from '#components/jobs/job-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { chartOfPage, jobOfPage } from '../job-of-page.ts';

export default async function JobLedgerPage({ params, searchParams }: PageProps<'/jobs/[key]'>) {
  const { key } = await params;
  const { actor, job, name } = await jobOfPage(key);
  const page = ledgerPage(await searchParams);
  const stretch = {
    from: page.from ?? sumBegins(await chartOfPage(key), job),
    ...(page.to !== undefined && { to: page.to }),
  };
  const [ledger, counts] = await Promise.all([
    readJobLedger(actor, { jobId: job.id, ...page }),
    ledgerCounts(actor, { jobId: job.id, ...stretch }),
  ]);
  // What an address of somebody's own making asks for in vain is told by the tab itself.
  const queries = [
    { queryKey: jobLedgerQuery(name, page).queryKey, outcome: ledger },
    { queryKey: ledgerCountsQuery(name, stretch).queryKey, outcome: counts },
  ].flatMap(({ queryKey, outcome }) =>
    outcome.ok ? [{ queryKey, queryFn: () => Promise.resolve(outcome.value) }] : [],
  );
  return (
    <ServerQueries queries={queries}>
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
