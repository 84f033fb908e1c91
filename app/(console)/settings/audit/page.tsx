import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { Suspense } from 'react';
import {
  auditFilters,
  ENTRIES_ON_PAGE,
  readAuditAddress,
} from '#components/audit/audit-address.ts';
import { auditList, auditState } from '#components/audit/audit-queries.ts';
import { AuditScreen, AuditSkeleton } from '#components/audit/audit-screen.tsx';
import { NotAllowedState } from '#components/shell/not-allowed-state.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { listTrail } from '#core/audit/trail.ts';
import { readTrailState } from '#core/audit/verify.ts';
import { may } from '#core/auth/permissions.ts';
import { requireActor } from '../../../session.ts';
import { valueOf } from '../../../value-of.ts';
import { verify } from './actions.ts';

type Props = { searchParams: Promise<SearchParams> };

export default function AuditPage(props: Props) {
  return (
    <Suspense fallback={<AuditSkeleton />}>
      <Audit {...props} />
    </Suspense>
  );
}

async function Audit({ searchParams }: Props) {
  const actor = await requireActor('/settings/audit');
  if (!may(actor, 'audit:read')) return <NotAllowedState permission="audit:read" />;
  const address = await readAuditAddress(searchParams);
  const { cursor } = address;
  const filters = auditFilters(address);
  const list = await listTrail(actor, { ...filters, cursor, limit: ENTRIES_ON_PAGE });
  // A link that was cut off in a message: the whole trail is what is left of it.
  if (!list.ok && list.refusal.code === 'invalid') redirect('/settings/audit');
  return (
    <ServerQueries
      queries={[
        {
          queryKey: auditList(filters, cursor).queryKey,
          queryFn: () => Promise.resolve(valueOf(list)),
        },
        { queryKey: auditState.queryKey, queryFn: () => readTrailState(actor) },
      ]}
    >
      <AuditScreen verify={verify} />
    </ServerQueries>
  );
}
