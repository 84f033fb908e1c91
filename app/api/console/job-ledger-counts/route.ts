import { ledgerCounts, ReadLedgerCounts } from '#core/jobs/ledger-counts.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadLedgerCounts, (input, actor) => ledgerCounts(actor, input));
