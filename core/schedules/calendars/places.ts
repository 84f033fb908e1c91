import { loadHolidays, regionParts } from './holidays.ts';

/** A country or region whose holidays are known; the name is in English where there is one. */
export type Place = { code: string; name: string };

/** All countries, by name. */
export async function holidayCountries(): Promise<Place[]> {
  return inOrder(new (await loadHolidays())().getCountries('en'));
}

/**
 * The regions of a country, each followed by its parts with holidays of their own (`BY-A`); empty where none are known.
 */
export async function holidayRegions(country: string): Promise<Place[]> {
  const holidays = new (await loadHolidays())();
  return inOrder(holidays.getStates(country, 'en')).flatMap((region) => [
    region,
    ...inOrder(holidays.getRegions(country, region.code, 'en')).map((part) => ({
      code: `${region.code}-${part.code}`,
      name: `${region.name}, ${part.name}`,
    })),
  ]);
}

/** The names of a country and its region; the codes where they have none. */
export async function placeNames({
  country,
  region,
}: {
  country: string;
  region: string | null;
}): Promise<{ country: string; region: string | null }> {
  const holidays = new (await loadHolidays())();
  const [state, part] = regionParts(region);
  const states = holidays.getStates(country, 'en') ?? {};
  const parts = state === undefined ? {} : (holidays.getRegions(country, state, 'en') ?? {});
  const named = [
    ...(state === undefined ? [] : [states[state] ?? state]),
    ...(part === undefined ? [] : [parts[part] ?? part]),
  ];
  return {
    country: holidays.getCountries('en')[country] ?? country,
    region: named.length === 0 ? null : named.join(', '),
  };
}

function inOrder(names: Record<string, string> | undefined): Place[] {
  return Object.entries(names ?? {})
    .map(([code, name]) => ({ code, name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
