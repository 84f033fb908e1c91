import type { Metadata } from 'next';
import { getTimeZone, getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { ledgerSumsQuery } from '#components/ledger/ledger-queries.ts';
import { LedgerScreen, LedgerSkeleton } from '#components/ledger/ledger-screen.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { readLedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { PERIODS } from '#core/schedules/periods.ts';
import { requireActor } from '../../session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('title') };
}

type Query = Awaited<PageProps<'/ledger'>['searchParams']>;

export default function LedgerPage({ searchParams }: PageProps<'/ledger'>) {
  return (
    <Suspense fallback={<LedgerSkeleton />}>
      <Ledger query={searchParams} />
    </Suspense>
  );
}

async function Ledger({ query }: { query: Promise<Query> }) {
  const actor = await requireActor('/ledger');
  const timeZone = await getTimeZone();
  const { by: askedBy, from, to } = await query;
  const asked = {
    by: PERIODS.find((period) => period === askedBy) ?? 'day',
    timeZone,
    ...(typeof from === 'string' && { from }),
    ...(typeof to === 'string' && { to }),
  };
  const sums = await readLedgerSums(actor, asked);
  // What an address of somebody's own making asks for in vain is told by the screen itself.
  const queries = sums.ok
    ? [{ queryKey: ledgerSumsQuery(asked).queryKey, queryFn: () => Promise.resolve(sums.value) }]
    : [];
  return (
    <ServerQueries queries={queries}>
      <LedgerScreen />
    </ServerQueries>
  );
}
