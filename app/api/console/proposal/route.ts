import { ReadProposal, readProposal } from '#core/proposals/read-proposals.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadProposal, (input, actor) => readProposal(actor, input));
