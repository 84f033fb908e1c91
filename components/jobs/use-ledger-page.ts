'use client';

import { parseAsString } from 'nuqs/server';
import { addressHook } from '#components/shell/address-hook.ts';
import type { LedgerPage } from './job-queries.ts';

const useLedgerAddress = addressHook(
  { from: parseAsString, to: parseAsString, cursor: parseAsString },
  'replace',
);

/** Which part of the ledger shows, in the address. */
export function useLedgerPage() {
  const [{ from, to, cursor }, set] = useLedgerAddress();
  const page: LedgerPage = {
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(cursor !== null && { cursor }),
  };
  return { page, set };
}
