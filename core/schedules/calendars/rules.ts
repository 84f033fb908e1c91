// Apart from the schemas, so that forms can offer them without loading zod.

/**
 * What a calendar does to the days that lines name: what isn't a business day is skipped, or moved to the next or the
 * previous one; `nth` keeps of them only certain business days of each month.
 */
export const CALENDAR_RULES = ['skip', 'next', 'previous', 'nth'] as const;
export type CalendarRule = (typeof CALENDAR_RULES)[number];

/** Which rules each way to schedule can have: an interval has no days that could be moved, and dates no months. */
export const RULES_OF = {
  cron: CALENDAR_RULES,
  interval: ['skip'],
  dates: ['skip', 'next', 'previous'],
} as const satisfies Record<string, readonly CalendarRule[]>;

export const HOLIDAY_TYPES = ['public', 'bank', 'optional', 'school', 'observance'] as const;
export type HolidayType = (typeof HOLIDAY_TYPES)[number];
