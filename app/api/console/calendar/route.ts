import { readCalendar, ReadCalendar } from '#core/calendars/read-calendars.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadCalendar, (input, actor) => readCalendar(actor, input));
