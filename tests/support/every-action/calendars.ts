import { blackoutOf, blackoutSays, calendarOf, calendarSays, fresh, REASON } from '../seeds.ts';
import { CONSOLE, type EveryAction } from './action.ts';

const CALENDARS = `${CONSOLE}/calendars/actions.ts`;
const BLACKOUTS = `${CONSOLE}/calendars/blackouts/actions.ts`;

/** Calendars and blackouts. */
export const ACTIONS_OF_CALENDARS: readonly EveryAction[] = [
  {
    name: `${CALENDARS}#create`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: () => ({
      key: fresh('calendar'),
      name: 'Office',
      definition: calendarSays,
      note: REASON,
    }),
    entry: 'calendar.create',
  },
  {
    name: `${CALENDARS}#edit`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: async (seed) => {
      const { key } = await calendarOf(seed);
      const definition = { ...calendarSays, weekend: [5, 6] };
      return { key, name: 'Office', definition, note: REASON, basedOnRevision: 1 };
    },
    entry: 'calendar.edit',
  },
  {
    name: `${CALENDARS}#remove`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: async (seed) => ({ key: (await calendarOf(seed)).key, basedOnRevision: 1 }),
    entry: 'calendar.delete',
  },
  {
    name: `${CALENDARS}#readFile`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: () => ({
      text: 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
      fromYear: 2026,
      toYear: 2026,
    }),
    entry: null,
  },
  {
    name: `${BLACKOUTS}#create`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: ({ labels }) => blackoutSays(labels),
    entry: 'blackout.create',
  },
  {
    name: `${BLACKOUTS}#edit`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: async (seed) => ({
      ...blackoutSays(seed.labels),
      ...(await blackoutOf(seed)),
      name: 'Network maintenance',
      basedOnVersion: 1,
    }),
    entry: 'blackout.edit',
  },
  {
    name: `${BLACKOUTS}#end`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: async (seed) => ({ id: (await blackoutOf(seed, 0)).id }),
    entry: 'blackout.end',
  },
  {
    name: `${BLACKOUTS}#remove`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: async (seed) => ({ id: (await blackoutOf(seed)).id }),
    entry: 'blackout.delete',
  },
];
