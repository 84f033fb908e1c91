/** One number of a length of time with its unit, as in "1 min" + "12 s". */
export type DurationPart = { unit: DurationUnit; value: number; decimals: number };
export type DurationUnit = 'ms' | 's' | 'min' | 'h' | 'd' | 'week' | 'month' | 'year';

/** A distance in time: which way, and how far in at most two parts. `now` has no parts. */
export type RelativeParts = { direction: 'future' | 'past' | 'now'; parts: DurationPart[] };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long something took, in at most two units that a reader needs: 42 ms, 3.2 s, 32 s, 1 min 12 s, 6 h, 2 days 3 h.
 * Rounds before it chooses the unit, so that 59.96 s reads "1 min" and never "60 s".
 * @param ms milliseconds; less than none counts as none
 * @param precise one decimal up to a minute, for lengths that are compared
 */
export function durationParts(ms: number, precise = false): DurationPart[] {
  const length = Math.max(0, ms);
  if (Math.round(length) < 100) return [whole('ms', Math.round(length))];
  const tenths = Math.round(length / 100);
  if (tenths < (precise ? 600 : 100)) return [{ unit: 's', value: tenths / 10, decimals: 1 }];
  const seconds = Math.round(length / SECOND);
  if (seconds < 60) return [whole('s', seconds)];
  if (seconds < 3_600) return twoParts('min', Math.floor(seconds / 60), 's', seconds % 60);
  const minutes = Math.round(length / MINUTE);
  if (minutes < 24 * 60) return twoParts('h', Math.floor(minutes / 60), 'min', minutes % 60);
  const hours = Math.round(length / HOUR);
  return twoParts('d', Math.floor(hours / 24), 'h', hours % 24);
}

/**
 * How long something has been going on, counted in whole seconds: 9 s, 1 min 12 s, 6 h.
 * @param ms milliseconds; less than none counts as none
 */
export function elapsedParts(ms: number): DurationPart[] {
  const seconds = Math.floor(Math.max(0, ms) / SECOND);
  return seconds < 60 ? [whole('s', seconds)] : durationParts(seconds * SECOND);
}

/**
 * How far an instant is from now: "in 48 s", "in 5 min", "23 h 50 min ago", "in 3 days", "2 weeks ago".
 * Cuts off instead of rounding: nothing is said to be nearer or over before it is.
 * @param atMs the instant, in milliseconds since 1970
 * @param nowMs now, the same
 */
export function relativeParts(atMs: number, nowMs: number): RelativeParts {
  const distance = Math.abs(atMs - nowMs);
  if (distance < SECOND) return { direction: 'now', parts: [] };
  return { direction: atMs > nowMs ? 'future' : 'past', parts: distanceParts(distance) };
}

function distanceParts(distance: number): DurationPart[] {
  if (distance < MINUTE) return [whole('s', Math.floor(distance / SECOND))];
  const minutes = Math.floor(distance / MINUTE);
  if (distance < HOUR) return [whole('min', minutes)];
  if (distance < 2 * DAY) return twoParts('h', Math.floor(minutes / 60), 'min', minutes % 60);
  const days = Math.floor(distance / DAY);
  if (days < 14) return [whole('d', days)];
  if (days < 61) return [whole('week', Math.floor(days / 7))];
  if (days < 730) return [whole('month', Math.floor(days / 30.44))];
  return [whole('year', Math.floor(days / 365.25))];
}

function whole(unit: DurationUnit, value: number): DurationPart {
  return { unit, value, decimals: 0 };
}

function twoParts(
  large: DurationUnit,
  largeValue: number,
  small: DurationUnit,
  smallValue: number,
): DurationPart[] {
  const first = whole(large, largeValue);
  return smallValue === 0 ? [first] : [first, whole(small, smallValue)];
}

/** How much of an instant is written. `short` leaves out what the reader knows: today's date, this year. */
export type AbsoluteStyle = 'short' | 'time' | 'seconds' | 'millis' | 'day' | 'date' | 'full';

/**
 * An instant in the reader's zone, 24 hours a day.
 * short: "02:30" today, "Wed 24 Mar, 02:30" this year, "24 Mar 2026, 02:30" otherwise; time: "02:30";
 * seconds: "02:30:05"; millis: "02:30:05.123"; day: "Wed 24 Mar", with the year where it isn't this one;
 * date: "Wed 24 Mar 2027"; full: date, time and zone.
 * @param locale as next-intl has it; "en" is written day first
 */
export function formatAbsolute(
  atMs: number,
  style: AbsoluteStyle,
  where: { locale: string; timeZone: string; nowMs: number },
): string {
  const options = absoluteOptions(atMs, style, where);
  return dateFormatter(where.locale, { ...options, timeZone: where.timeZone }).format(atMs);
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const fullDate = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;

function absoluteOptions(
  atMs: number,
  style: AbsoluteStyle,
  where: { locale: string; timeZone: string; nowMs: number },
): Intl.DateTimeFormatOptions {
  switch (style) {
    case 'time':
      return clock;
    case 'seconds':
      return { ...clock, second: '2-digit' };
    case 'millis':
      return { ...clock, second: '2-digit', fractionalSecondDigits: 3 };
    case 'day': {
      const isThisYear =
        dayIn(atMs, where.timeZone).slice(0, 4) === dayIn(where.nowMs, where.timeZone).slice(0, 4);
      const { year, ...day } = fullDate;
      return isThisYear ? day : { day: 'numeric', month: 'short', year };
    }
    case 'date':
      return fullDate;
    case 'full':
      return { ...fullDate, ...clock, second: '2-digit', timeZoneName: 'short' };
    case 'short': {
      const at = dayIn(atMs, where.timeZone);
      const now = dayIn(where.nowMs, where.timeZone);
      if (at === now) return clock;
      if (at.slice(0, 4) === now.slice(0, 4)) {
        return { weekday: 'short', day: 'numeric', month: 'short', ...clock };
      }
      return { day: 'numeric', month: 'short', year: 'numeric', ...clock };
    }
  }
}

/** The calendar day of an instant in a zone, as 2027-03-24. */
export function dayIn(atMs: number, timeZone: string): string {
  return dateFormatter('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(atMs);
}

// Making a formatter takes some 50 µs, using one 1 µs; a page of 50 rows asks for thousands.
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The formatter for dates as the console writes them, made once. `locale` as next-intl has it; "en" is day first. */
export function dateFormatter(
  locale: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, options);
    formatters.set(key, formatter);
  }
  return formatter;
}
