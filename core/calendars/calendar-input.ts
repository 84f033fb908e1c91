import { z } from 'zod';
import { Note } from '../jobs/note.ts';
import { type Refused, refuse } from '../outcome.ts';
import { CalendarDefinition, CalendarKey } from '../schedules/calendars/definition.ts';
import { checkHolidays } from '../schedules/calendars/holidays.ts';

const Name = z
  .string({ error: 'Give the calendar a name.' })
  .trim()
  .min(1, 'Give the calendar a name.')
  .max(100, 'A calendar’s name has at most 100 characters.');

const BasedOn = z
  .int({ error: 'Say which revision of the calendar this is based on.' })
  .min(1, 'Say which revision of the calendar this is based on.');

/** Where the console has pages of its own, a calendar of that key couldn't be opened. */
const ADDRESSES = ['new', 'blackouts'];
const NewKey = CalendarKey.refine((key) => !ADDRESSES.includes(key), {
  error: ({ input }) =>
    `The console uses the address /calendars/${String(input)} itself. Choose another key.`,
});

export const CreateCalendar = z.object({
  key: NewKey,
  name: Name,
  definition: CalendarDefinition,
  note: Note,
});

export const EditCalendar = CreateCalendar.extend({
  key: CalendarKey,
  /** The revision that the editor was opened with: a newer one refuses the edit. */
  basedOnRevision: BasedOn,
});

const YEAR_ERROR = 'Give a year from 1970 to 2999.';
export const Year = z.int({ error: YEAR_ERROR }).min(1970, YEAR_ERROR).max(2999, YEAR_ERROR);

export const DeleteCalendar = z.object({ key: CalendarKey, basedOnRevision: BasedOn });

/** What only the list of the world's holidays can say; null when nothing is wrong. */
export async function refuseHolidays({ holidays }: CalendarDefinition): Promise<Refused | null> {
  const problem = holidays && (await checkHolidays(holidays));
  if (!problem) return null;
  const { field, message } = problem;
  return refuse('invalid', message, [{ path: ['definition', 'holidays', field], message }]);
}

export const noSuchCalendar = (key: string) =>
  refuse('not_found', `There is no calendar ${key}. Choose one from the list of calendars.`);
