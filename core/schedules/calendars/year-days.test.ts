import { expect, test } from 'vitest';
import { businessDaysOf } from './business-days.ts';
import { calendarChanges } from './calendar-changes.ts';
import { CalendarDefinition } from './definition.ts';
import { holidaysOf } from './holidays.ts';
import { holidayCountries, holidayRegions, placeNames } from './places.ts';
import { calendarYear, nextDayOff } from './year-days.ts';

test('a year names its holidays, its own days and what its make-up days are worked instead of', async () => {
  const definition = CalendarDefinition.parse({
    holidays: { country: 'DE' },
    dates: [{ date: '2026-12-24', name: 'Closed' }],
    workdays: [
      { date: '2026-12-26', name: 'Inventory' },
      { date: '2026-12-27' },
      { date: '2026-12-25' },
      { date: '2026-12-28' },
    ],
  });
  const holidays = await holidaysOf(definition.holidays!);
  const business = businessDaysOf(definition, holidays);
  const unworked = businessDaysOf({ ...definition, workdays: [] }, holidays);
  const year = calendarYear(definition, business, unworked, 2026);
  expect(year.days.filter(({ date }) => date >= '2026-12')).toEqual([
    { date: '2026-12-24', kind: 'date', name: 'Closed', instead: null },
    {
      date: '2026-12-25',
      kind: 'workday',
      name: '',
      instead: { kind: 'holiday', name: 'Christmas Day' },
    },
    {
      date: '2026-12-26',
      kind: 'workday',
      name: 'Inventory',
      instead: { kind: 'holiday', name: 'Boxing Day' },
    },
    { date: '2026-12-27', kind: 'workday', name: '', instead: { kind: 'weekend', name: '' } },
    { date: '2026-12-28', kind: 'workday', name: '', instead: null },
  ]);
  // 261 weekdays; New Year, Good Friday, Easter Monday, Labour Day, Ascension and Whit Monday fall on some, and so does
  // the 24th; the two days of the last weekend are worked.
  expect(year.businessDays).toBe(261 - 6 - 1 + 2);
});

test('the next day off is one that would have been worked', () => {
  const definition = CalendarDefinition.parse({
    dates: [
      { date: '2026-11-28', name: 'Saturday' },
      { date: '2026-12-24', name: 'Closed' },
    ],
  });
  const business = businessDaysOf(definition);
  expect(nextDayOff(definition, business, '2026-11-21')).toEqual({
    date: '2026-12-24',
    name: 'Closed',
  });
  expect(nextDayOff(definition, business, '2026-12-24')?.date).toBe('2026-12-24');
  expect(nextDayOff(definition, business, '2026-12-25')).toBeNull();
});

test('countries and regions have names, or stand with their codes', async () => {
  expect(await holidayCountries()).toContainEqual({ code: 'DE', name: 'Germany' });
  const regions = await holidayRegions('DE');
  expect(regions).toContainEqual({ code: 'BY', name: 'Bayern' });
  expect(regions).toContainEqual({ code: 'BY-A', name: 'Bayern, Stadt Augsburg' });
  expect(await holidayRegions('XX')).toEqual([]);
  expect(await placeNames({ country: 'DE', region: 'BY-A' })).toEqual({
    country: 'Germany',
    region: 'Bayern, Stadt Augsburg',
  });
  expect(await placeNames({ country: 'XX', region: 'Y' })).toEqual({ country: 'XX', region: 'Y' });
});

test('what an edit changed is told part by part', () => {
  const before = { name: 'Works', definition: CalendarDefinition.parse({ weekend: [0, 6] }) };
  const definition = CalendarDefinition.parse({
    weekend: [6, 0],
    holidays: { country: 'DE' },
    dates: Array.from({ length: 7 }, (_, n) => ({ date: `2026-12-2${n}`, name: 'Closed' })),
  });
  const changes = calendarChanges(before, { name: 'Offices', definition });
  expect(changes).toMatchObject([
    { kind: 'name', before: 'Works', after: 'Offices' },
    { kind: 'holidays', before: null, after: { country: 'DE' } },
    { kind: 'dates_added', more: 2 },
  ]);
  const renamed = {
    ...definition,
    dates: definition.dates.map(({ date, name }, n) => ({ date, name: n === 0 ? 'Off' : name })),
  };
  expect(
    calendarChanges({ name: 'x', definition }, { name: 'x', definition: renamed }),
  ).toMatchObject([
    { kind: 'dates_added', dates: [{ date: '2026-12-20', name: 'Off' }] },
    { kind: 'dates_removed', dates: [{ date: '2026-12-20', name: 'Closed' }] },
  ]);
});
