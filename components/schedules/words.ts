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
  | `afterEnd.${Unit}`
  | 'onDays'
  | `on.${Exclude<DayRule['kind'], 'every_day'>}`
  | 'at'
  | `days.${DayRule['kind']}`
  | 'weekday'
  | 'several'
  | 'lineOn'
  | 'limited';

/** Words that few schedules need, and that come later: see schedule-words.tsx. */
export type MoreWords = {
  /** Words a cron line that has no short form. */
  line: (line: string) => string;
  limits: (limits: readonly Limit[]) => string;
  places: (places: readonly MonthPlace[]) => string;
};

/** A schedule in words. */
export type TellSchedule = (description: ScheduleDescription, more: MoreWords) => string;

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
  const tell: TellSchedule = (description, more) => {
    switch (description.key) {
      case 'manual':
        return t('manual');
      case 'dates':
        return t('dates', description.values);
      case 'every': {
        const { count, unit, days } = description.values;
        return onDays(t(`every.${unit}`, { count }), days, more);
      }
      case 'after_end': {
        const { count, unit } = description.values;
        return t(`afterEnd.${unit}`, { count });
      }
      case 'hourly_at': {
        const { minute, days } = description.values;
        const past = String(minute).padStart(2, '0');
        return onDays(minute === 0 ? t('hourly') : t('hourlyAt', { minute: past }), days, more);
      }
      case 'at': {
        const { times, days } = description.values;
        return t('at', {
          days: t(`days.${days.kind}`, valuesOf(days, more)),
          times: listed(times),
        });
      }
      case 'several': {
        const { first, more: lines } = description.values;
        return t('several', { first: tell(first, more), more: lines });
      }
      case 'limited': {
        const { of, limits } = description.values;
        return t('limited', { words: tell(of, more), limits: more.limits(limits) });
      }
      case 'line':
        return more.line(description.values.line);
      case 'line_on': {
        const { line, places } = description.values;
        return t('lineOn', { line: more.line(line), days: more.places(places) });
      }
    }
  };

  const onDays = (often: string, days: DayRule, more: MoreWords): string =>
    days.kind === 'every_day'
      ? often
      : t('onDays', { often, days: t(`on.${days.kind}`, valuesOf(days, more)) });

  const valuesOf = (days: DayRule, more: MoreWords): Record<string, string | number> => {
    switch (days.kind) {
      case 'weekdays':
        return { weekdays: listed(days.weekdays.toSorted(byWeek).map(weekday)) };
      case 'month_days':
        return { days: listed(days.days.map(String)), count: days.days.length };
      case 'month_places':
        return { days: more.places(days.places) };
      case 'date':
        return { date: date(days.month, days.day) };
      default:
        return {};
    }
  };

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
