'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import type { LedgerPage } from './job-queries.ts';

/** Which part of the ledger shows, in the address. */
export function useLedgerPage() {
  const [{ from, to, cursor }, set] = useQueryStates({
    from: parseAsString,
    to: parseAsString,
    cursor: parseAsString,
  });
  const page: LedgerPage = {
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(cursor !== null && { cursor }),
  };
  return { page, set };
}
