import { z } from 'zod';
import { isUtcInstant } from '../utc-instant.ts';
import { checkTimeZone } from '../zone-names.ts';

/** The longest window of one time: a year and a day. */
export const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

const instant = (error: string) => z.string({ error }).refine(isUtcInstant, error);
const FROM_ERROR = 'Give the instant at which the window begins, such as 2026-12-24T18:00:00Z.';
const TO_ERROR = 'Give the instant at which the window ends, such as 2026-12-27T06:00:00Z.';

/** From one instant to another; the end isn't part of it. */
const Once = z
  .object({ type: z.literal('once'), from: instant(FROM_ERROR), to: instant(TO_ERROR) })
  .superRefine(
    ({ from, to }, context) => {
      const lasts = Date.parse(to) - Date.parse(from);
      const message =
        lasts <= 0
          ? 'The window ends before it begins. Give a later end, or an earlier beginning.'
          : lasts > MOST_DAYS * DAY_MS
            ? `A window lasts ${MOST_DAYS} days at most. Give an earlier end, or pause the jobs instead.`
            : null;
      if (message) context.addIssue({ code: 'custom', path: ['to'], message });
    },
    { when: ({ issues }) => issues.length === 0 },
  );

const time = (error: string) => z.string({ error }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, error);

/** On each of these weekdays (1 is Monday) from one time of day on; an end that isn't later is on the next day. */
const Weekly = z.object({
  type: z.literal('weekly'),
  weekdays: z
    .array(z.int().min(1).max(7), { error: 'Choose the days on which the window begins.' })
    .min(1, 'Choose at least one day on which the window begins.')
    .max(7, 'Choose each day once.')
    .transform((days) => [...new Set(days)].toSorted((a, b) => a - b)),
  from: time('Give the time at which the window begins, from 00:00 to 23:59.'),
  to: time('Give the time at which the window ends, from 00:00 to 23:59.'),
  timeZone: z
    .string({ error: 'Choose a time zone, for example UTC or Europe/Berlin.' })
    .superRefine((name, context) => {
      const message = checkTimeZone(name);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
});

/** When a blackout is on: once, or every week by the clock on a wall. */
export const BlackoutTimes = z.discriminatedUnion('type', [Once, Weekly], {
  error: 'Choose whether the window comes once or every week.',
});
export type BlackoutTimes = z.output<typeof BlackoutTimes>;

/** What becomes of the ticks in a window: none runs, or the latest of them once the window is over. */
export const BLACKOUT_EFFECTS = ['skip', 'hold'] as const;
export type BlackoutEffect = (typeof BLACKOUT_EFFECTS)[number];
