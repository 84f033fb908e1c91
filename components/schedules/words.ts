import type {
  DayRule,
  Limit,
  MonthPlace,
  ScheduleDescription,
  Unit,
} from '#core/schedules/description.ts';
import { dateFormatter } from '#core/time/format.ts';

type Translate = (key: WordKey, values?: Record<string, string | number>) => string;
type WordKey =
  | 'manual'
  | 'dates'
  | 'hourly'
  | 'hourlyAt'
  | `every.${Unit}`
  | 'onDays'
  | `on.${Exclude<DayRule['kind'], 'every_day'>}`
  | 'at'
  | `days.${DayRule['kind']}`
  | 'weekday'
  | 'several'
  | 'lineOn'
  | 'limited'
  | 'ofMonth'
  | `place.${'day' | 'end' | 'weekdayNearDay' | 'weekdayNearEnd'}`
  | `limit.${'skip' | 'next' | 'previous' | 'nth' | 'nthFromStart' | 'nthFromEnd'}`
  | `limit.${'from' | 'until' | 'most' | 'spread'}`
  | `length.${Unit}`;

/** A schedule in words; `tellLine` words a cron line that has no short form. */
export type TellSchedule = (
  description: ScheduleDescription,
  tellLine: (line: string) => string,
) => string;

/**
 * Words for schedules in one language: "every 10 s", "daily at 02:30", "workdays at 06:30".
 * @param t the translator of the namespace `schedules`
 * @param listed joins what belongs together: "02:30 and 14:30"
 */
export function createScheduleWords(
  t: Translate,
  locale: string,
  listed: (items: readonly string[]) => string,
): TellSchedule {
  const tell: TellSchedule = (description, tellLine) => {
    switch (description.key) {
      case 'manual':
        return t('manual');
      case 'dates':
        return t('dates', description.values);
      case 'every': {
        const { count, unit, days } = description.values;
        return onDays(t(`every.${unit}`, { count }), days);
      }
      case 'hourly_at': {
        const { minute, days } = description.values;
        const past = String(minute).padStart(2, '0');
        return onDays(minute === 0 ? t('hourly') : t('hourlyAt', { minute: past }), days);
      }
      case 'at': {
        const { times, days } = description.values;
        return t('at', { days: t(`days.${days.kind}`, valuesOf(days)), times: listed(times) });
      }
      case 'several': {
        const { first, more } = description.values;
        return t('several', { first: tell(first, tellLine), more });
      }
      case 'limited': {
        const { of, limits } = description.values;
        return t('limited', { words: tell(of, tellLine), limits: limits.map(limit).join(', ') });
      }
      case 'line':
        return tellLine(description.values.line);
      case 'line_on': {
        const { line, places } = description.values;
        return t('lineOn', { line: tellLine(line), days: ofMonth(places) });
      }
    }
  };

  const onDays = (often: string, days: DayRule): string =>
    days.kind === 'every_day'
      ? often
      : t('onDays', { often, days: t(`on.${days.kind}`, valuesOf(days)) });

  const valuesOf = (days: DayRule): Record<string, string | number> => {
    switch (days.kind) {
      case 'weekdays':
        return { weekdays: listed(days.weekdays.toSorted(byWeek).map(weekday)) };
      case 'month_days':
        return { days: listed(days.days.map(String)), count: days.days.length };
      case 'month_places':
        return { days: ofMonth(days.places) };
      case 'date':
        return { date: date(days.month, days.day) };
      default:
        return {};
    }
  };

  const ofMonth = (places: readonly MonthPlace[]): string =>
    t('ofMonth', { places: listed(places.map(place)) });

  const place = ({ from, days, isWeekdayNear }: MonthPlace): string => {
    if (from === 'start') {
      return t(isWeekdayNear ? 'place.weekdayNearDay' : 'place.day', { day: days });
    }
    return t(isWeekdayNear ? 'place.weekdayNearEnd' : 'place.end', { days });
  };

  const limit = (one: Limit): string => {
    switch (one.kind) {
      case 'calendar': {
        const { calendar, rule } = one;
        const nth = one.nth.map((n) =>
          n > 0 ? t('limit.nthFromStart', { n }) : t('limit.nthFromEnd', { n: -n }),
        );
        return t(`limit.${rule}`, { calendar, days: listed(nth) });
      }
      case 'from':
      case 'until':
        return t(`limit.${one.kind}`, { day: dayInYear(one.day) });
      case 'most':
        return t('limit.most', { count: one.count });
      case 'spread':
        return t('limit.spread', { length: t(`length.${one.unit}`, { count: one.count }) });
    }
  };

  const dayInYear = (day: string): string =>
    dateFormatter(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(Date.parse(day));

  const weekday = (number: number): string => {
    const name = dateFormatter(locale, { weekday: 'long', timeZone: 'UTC' });
    return t('weekday', { weekday: name.format(Date.UTC(2023, 0, FIRST_SUNDAY_OF_2023 + number)) });
  };

  // In a leap year, so that 29 February is one.
  const date = (month: number, day: number): string =>
    dateFormatter(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
      Date.UTC(2024, month - 1, day),
    );

  return tell;
}

const FIRST_SUNDAY_OF_2023 = 1;

/** Monday comes first. */
const byWeek = (a: number, b: number): number => ((a + 6) % 7) - ((b + 6) % 7);
