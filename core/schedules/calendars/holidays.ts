import type Holidays from 'date-holidays';
import { BoundedCache } from '../bounded-cache.ts';
import { dayOf, type HolidaysIn } from './business-days.ts';
import type { CalendarDefinition } from './definition.ts';
import type { HolidayType } from './rules.ts';

export type HolidayChoice = NonNullable<CalendarDefinition['holidays']>;

// The rules of all countries weigh 37 MB and take 0.3 s to load: only who has such a calendar pays for them.
let loaded: Promise<typeof Holidays> | undefined;
export const loadHolidays = () =>
  (loaded ??= import('date-holidays').then((module) => module.default));

const DAY_MS = 86_400_000;

/** The holidays of a country and region by year, with their names in English where they have one. */
export async function holidaysOf({ country, region, types }: HolidayChoice): Promise<HolidaysIn> {
  const holidays = new (await loadHolidays())();
  holidays.init(country, ...regionParts(region), { languages: ['en'] });
  const wanted = new Set<HolidayType>(types);
  const listed = new BoundedCache<number, readonly (readonly [number, string])[]>(200, (year) =>
    (holidays.getHolidays(year) ?? []).flatMap(({ date, start, end, type, name }) => {
      const [day = '', time] = date.split(' ');
      // What begins in the course of a day leaves its morning to work.
      if (!wanted.has(type) || time !== '00:00:00') return [];
      const first = dayOf(day);
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      return Array.from({ length: days }, (_, n) => [first + n, name] as const);
    }),
  );
  // One that lasts several days may reach into the year after.
  const years = new BoundedCache<number, ReadonlyMap<number, string>>(
    200,
    (year) => new Map([...listed.get(year - 1), ...listed.get(year)]),
  );
  return (year) => years.get(year);
}

/** What is wrong with a country and region, each at its field, or null. */
export async function checkHolidays({
  country,
  region,
}: HolidayChoice): Promise<{ field: 'country' | 'region'; message: string } | null> {
  const holidays = new (await loadHolidays())();
  const countries = holidays.getCountries();
  if (!(country in countries)) {
    const message = `No holidays are known for the country ${country}. Give another code of two letters, or your own dates.`;
    return { field: 'country', message };
  }
  const [state, part] = regionParts(region);
  if (state === undefined) return null;
  const states = holidays.getStates(country) ?? {};
  if (!(state in states)) {
    const known = Object.keys(states);
    const message =
      known.length === 0
        ? `No regions are known for ${country}. Leave the region out.`
        : `The region ${state} is not known for ${country}. Choose one of ${known.join(', ')}, or leave it out.`;
    return { field: 'region', message };
  }
  const parts = part === undefined ? {} : (holidays.getRegions(country, state) ?? {});
  if (part === undefined || part in parts) return null;
  const message = `${state} has no part ${part} with holidays of its own. Leave the part out.`;
  return { field: 'region', message };
}

export const regionParts = (region: string | null) => (region === null ? [] : region.split('-'));
