'use client';

import { usePathname } from 'next/navigation';
import { Pager } from '#components/ui/pager.tsx';
import type { LedgerPage } from './job-queries.ts';

/** To the pages of the ledger before and after this one. */
export function LedgerPager({
  page,
  newer,
  older,
}: {
  page: LedgerPage;
  newer: string | null;
  older: string | null;
}) {
  const path = usePathname();
  const href = (cursor: string | null) =>
    cursor === null ? null : `${path}?${new URLSearchParams({ ...page, cursor })}`;
  return <Pager newerHref={href(newer)} olderHref={href(older)} />;
}
