'use server';

import { DeleteCalendar, CreateCalendar, EditCalendar } from '#core/calendars/calendar-input.ts';
import { createCalendar, deleteCalendar, editCalendar } from '#core/calendars/calendars.ts';
import { ImportDates, importDates } from '#core/calendars/import-dates.ts';
import { defineAction } from '../../actions/define-action.ts';

export const create = defineAction(CreateCalendar, (input, actor) => createCalendar(actor, input));
export const edit = defineAction(EditCalendar, (input, actor) => editCalendar(actor, input));
export const remove = defineAction(DeleteCalendar, (input, actor) => deleteCalendar(actor, input));
export const readFile = defineAction(ImportDates, (input, actor) => importDates(actor, input));
