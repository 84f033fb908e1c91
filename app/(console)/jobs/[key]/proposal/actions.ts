'use server';

import * as proposals from '#core/proposals/decide.ts';
import { defineAction } from '../../../../actions/define-action.ts';

export const allowProposal = defineAction(proposals.OneProposal, (input, actor) =>
  proposals.allowProposal(actor, input),
);

export const refuseProposal = defineAction(proposals.RefuseProposal, (input, actor) =>
  proposals.refuseProposal(actor, input),
);

export const withdrawProposal = defineAction(proposals.OneProposal, (input, actor) =>
  proposals.withdrawProposal(actor, input),
);
