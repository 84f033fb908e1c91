'use server';

import * as forecast from '#core/forecast/spread-jobs.ts';
import { defineAction } from '../../actions/define-action.ts';

export const saveSpread = defineAction(forecast.SaveSpread, (input, actor) =>
  forecast.saveSpread(actor, input),
);
export const takeSpreadBack = defineAction(forecast.TakeSpreadBack, (input, actor) =>
  forecast.takeSpreadBack(actor, input),
);
