'use server';

import {
  BlackoutDefinition,
  DeleteBlackout,
  EditBlackout,
  EndBlackout,
} from '#core/blackouts/blackout-input.ts';
import {
  createBlackout,
  deleteBlackout,
  editBlackout,
  endBlackout,
} from '#core/blackouts/blackouts.ts';
import { defineAction } from '../../../actions/define-action.ts';

export const create = defineAction(BlackoutDefinition, (input, actor) =>
  createBlackout(actor, input),
);
export const edit = defineAction(EditBlackout, (input, actor) => editBlackout(actor, input));
export const end = defineAction(EndBlackout, (input, actor) => endBlackout(actor, input));
export const remove = defineAction(DeleteBlackout, (input, actor) => deleteBlackout(actor, input));
