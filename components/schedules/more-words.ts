import type { Limit, MonthPlace, Unit } from '#core/schedules/description.ts';
import { dateFormatter } from '#core/time/format.ts';
import type { MoreWords } from './words.ts';

type Translate = (key: WordKey, values?: Record<string, string | number>) => string;
type WordKey =
  | 'ofMonth'
  | `place.${'day' | 'end' | 'weekdayNearDay' | 'weekdayNearEnd'}`
  | `limit.${'skip' | 'next' | 'previous' | 'nth' | 'nthFromStart' | 'nthFromEnd'}`
  | `limit.${'from' | 'until' | 'most' | 'spread'}`
  | `length.${Unit}`;

/**
 * Words for what limits a schedule and for days from the month's end, which few schedules have: they come when one is
 * there.
 * @param t the translator of the namespace `schedules`
 * @param listed joins what belongs together: "the 1st and the last"
 */
export function createMoreWords(
  t: Translate,
  locale: string,
  listed: (items: readonly string[]) => string,
): Pick<MoreWords, 'limits' | 'places'> {
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

  return {
    limits: (limits) => limits.map(limit).join(', '),
    places: (places) => t('ofMonth', { places: listed(places.map(place)) }),
  };
}
