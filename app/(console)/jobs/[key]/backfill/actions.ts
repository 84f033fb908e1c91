'use server';

import { StartBackfill } from '#core/backfill/backfill-input.ts';
import * as changing from '#core/backfill/change-backfill.ts';
import * as starting from '#core/backfill/start-backfill.ts';
import { defineAction } from '../../../../actions/define-action.ts';

export const startBackfill = defineAction(StartBackfill, (input, actor) =>
  starting.startBackfill(actor, input),
);

export const pauseBackfill = defineAction(changing.ChangeBackfill, (input, actor) =>
  changing.pauseBackfill(actor, input),
);

export const goOnWithBackfill = defineAction(changing.ChangeBackfill, (input, actor) =>
  changing.goOnWithBackfill(actor, input),
);

export const cancelBackfill = defineAction(changing.CancelBackfill, (input, actor) =>
  changing.cancelBackfill(actor, input),
);

export const changeBackfillRate = defineAction(changing.ChangeBackfillRate, (input, actor) =>
  changing.changeBackfillRate(actor, input),
);
