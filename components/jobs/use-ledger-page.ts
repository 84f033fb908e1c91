'use client';

import { parseAsInteger, parseAsString } from 'nuqs/server';
import { addressHook } from '#components/shell/address-hook.ts';
import type { LedgerPage } from './job-queries.ts';

const useLedgerAddress = addressHook(
  { from: parseAsString, to: parseAsString, cursor: parseAsString, gap: parseAsInteger },
  'replace',
);

/** Which part of the ledger shows, and which gap of it is opened, in the address. */
export function useLedgerPage() {
  const [{ from, to, cursor, gap }, set] = useLedgerAddress();
  const page: LedgerPage = {
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(cursor !== null && { cursor }),
  };
  return { page, gap, set };
}
