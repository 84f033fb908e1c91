import { describe, expect, test } from 'vitest';
import { compileSchedule } from '../compile.ts';
import { countFires, fires } from '../fires.ts';
import { firesLeftOut } from '../left-out.ts';
import type { Schedule } from '../schedule.ts';
import { businessDaysOf, dateOf, dayOf, type BusinessDays } from './business-days.ts';
import { CalendarDefinition } from './definition.ts';
import { checkHolidays, holidaysOf } from './holidays.ts';
import { KnownCalendars } from './known.ts';

async function calendar(input: unknown): Promise<BusinessDays> {
  const definition = CalendarDefinition.parse(input);
  return businessDaysOf(
    definition,
    definition.holidays ? await holidaysOf(definition.holidays) : undefined,
  );
}

function offWeekdays(business: BusinessDays, from: string, to: string): string[] {
  const off: string[] = [];
  for (let day = dayOf(from); day <= dayOf(to); day++) {
    const isWeekend = [0, 6].includes((day + 4) % 7);
    if (!isWeekend && !business.isBusinessDay(day)) off.push(dateOf(day));
  }
  return off;
}

describe('holidays of a country and region', () => {
  // By the laws of the two states: Bavaria has Epiphany, Corpus Christi and All Saints' Day,
  // Berlin has Women's Day; the Assumption is a day off only where most are Catholic.
  test('Bavaria and Berlin', async () => {
    const bavaria = await calendar({ holidays: { country: 'DE', region: 'BY' } });
    const berlin = await calendar({ holidays: { country: 'DE', region: 'BE' } });
    const all = ['2027-01-01', '2027-03-26', '2027-03-29', '2027-05-06', '2027-05-17'];
    expect(offWeekdays(bavaria, '2027-01-01', '2027-12-31')).toEqual(
      [...all, '2027-01-06', '2027-05-27', '2027-11-01'].toSorted(),
    );
    expect(offWeekdays(berlin, '2027-01-01', '2027-12-31')).toEqual(
      [...all, '2027-03-08'].toSorted(),
    );
    expect(bavaria.offBecause(dayOf('2027-12-25'))).toEqual({
      kind: 'holiday',
      name: 'Christmas Day',
    });
  });

  test('half a day off is a business day', async () => {
    const austria = await calendar({ holidays: { country: 'AT', types: ['public', 'bank'] } });
    expect(austria.isBusinessDay(dayOf('2026-12-24'))).toBe(true);
    expect(austria.isBusinessDay(dayOf('2026-12-25'))).toBe(false);
  });

  test('one that lasts several days closes all of them', async () => {
    const saudi = await calendar({ holidays: { country: 'SA' }, weekend: [5, 6] });
    for (const date of ['2025-03-30', '2025-03-31', '2025-04-01', '2025-04-02']) {
      expect(saudi.isBusinessDay(dayOf(date))).toBe(false);
    }
    expect(saudi.isBusinessDay(dayOf('2025-04-03'))).toBe(true);
  });

  test('a country or region that isn’t known is told at its field', async () => {
    const types = ['public' as const];
    expect(await checkHolidays({ country: 'DE', region: 'BY', types })).toBeNull();
    expect(await checkHolidays({ country: 'DE', region: 'BY-A', types })).toBeNull();
    expect(await checkHolidays({ country: 'XX', region: null, types })).toMatchObject({
      field: 'country',
    });
    const region = await checkHolidays({ country: 'DE', region: 'ZZ', types });
    expect(region).toMatchObject({ field: 'region' });
    expect(region?.message).toContain('Choose one of BB, BE');
  });
});

describe('make-up workdays', () => {
  // The State Council's arrangements for 2025 and 2026: what is off beside weekends, and which weekends are worked.
  const CHINA = {
    dates: [
      ['2025-01-01', '2025-01-01'],
      ['2025-01-28', '2025-02-04'],
      ['2025-04-04', '2025-04-06'],
      ['2025-05-01', '2025-05-05'],
      ['2025-05-31', '2025-06-02'],
      ['2025-10-01', '2025-10-08'],
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ],
    workdays: [
      ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
      ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
    ].flat(),
  };
  const dates = CHINA.dates.flatMap(([from = '', to = '']) => {
    const days = dayOf(to) - dayOf(from) + 1;
    return Array.from({ length: days }, (_, n) => ({ date: dateOf(dayOf(from) + n), name: 'off' }));
  });
  const definition = { dates, workdays: CHINA.workdays.map((date) => ({ date })) };

  test('China 2025 and 2026: weekends that are worked, weeks that are off', async () => {
    const china = await calendar({ ...definition, holidays: { country: 'CN' } });
    for (const { date } of definition.workdays) expect(china.isBusinessDay(dayOf(date))).toBe(true);
    for (const { date } of dates) expect(china.isBusinessDay(dayOf(date))).toBe(false);
    const own = await calendar(definition);
    const worked = (year: number) => {
      let count = 0;
      for (let day = dayOf(`${year}-01-01`); day <= dayOf(`${year}-12-31`); day++) {
        if (own.isBusinessDay(day)) count++;
      }
      return count;
    };
    const expected = (year: string) => {
      const isWeekend = (date: string) => [0, 6].includes((dayOf(date) + 4) % 7);
      const off = dates.filter(({ date }) => date.startsWith(year) && !isWeekend(date)).length;
      const made = CHINA.workdays.filter((date) => date.startsWith(year)).length;
      return { '2025': 261, '2026': 261 }[year]! - off + made;
    };
    expect(worked(2025)).toBe(expected('2025'));
    expect(worked(2026)).toBe(expected('2026'));
  });

  test('a schedule moves, skips and counts by it', async () => {
    const calendars = new KnownCalendars();
    calendars.add('china', 1, await calendar(definition));
    const daily: Schedule = {
      type: 'cron',
      lines: ['0 9 * * *'],
      timeZone: 'Asia/Shanghai',
      calendar: { key: 'china', revision: 1, rule: 'skip' },
    };
    const range = {
      after: new Date('2026-02-12T00:00:00Z'),
      until: new Date('2026-03-01T00:00:00Z'),
    };
    const at = (schedule: Schedule) =>
      [...fires(compileSchedule(schedule, calendars), range)].map((fire) =>
        fire.at.toISOString().slice(0, 10),
      );
    expect(at(daily)).toEqual([
      '2026-02-12',
      '2026-02-13',
      '2026-02-14',
      '2026-02-24',
      '2026-02-25',
      '2026-02-26',
      '2026-02-27',
      '2026-02-28',
    ]);
    expect(countFires(compileSchedule(daily, calendars), range.after, range.until)).toBe(8);
    const left = [...firesLeftOut(daily, { ...range, limit: 3 }, calendars)];
    expect(left[0]).toEqual({
      at: new Date('2026-02-15T01:00:00Z'),
      count: 1,
      because: { kind: 'date', name: 'off' },
    });
    const sunday = { ...daily, lines: ['0 9 * * 0'] };
    const [moved] = fires(
      compileSchedule(
        { ...sunday, calendar: { key: 'china', revision: 1, rule: 'next' } },
        calendars,
      ),
      { after: range.after },
    );
    expect(moved).toEqual({
      at: new Date('2026-02-24T01:00:00Z'),
      marks: [{ kind: 'moved_by_calendar', from: '2026-02-15', because: 'off' }],
    });
    const nth = { key: 'china', revision: 1, rule: 'nth' as const, nth: [1, -1] };
    expect(at({ ...daily, calendar: nth })).toEqual(['2026-02-28']);
  });
});
