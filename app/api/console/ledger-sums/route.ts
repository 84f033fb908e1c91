import { readLedgerSums, ReadLedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadLedgerSums, (input, actor) => readLedgerSums(actor, input));
