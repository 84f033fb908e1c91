import { useTranslations } from 'next-intl';
import type { MarkedDay } from '#core/schedules/calendars/year-days.ts';
import { cn } from '#components/ui/cn.ts';
import { useCalendarWords } from './use-calendar-words.ts';

const DAY_MS = 86_400_000;
/** Monday first. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];

/** One month: its days with those off and those made up, and under it their names. */
export function MonthGrid({
  year,
  month,
  weekend,
  marked,
}: {
  year: number;
  /** 0 is January. */
  month: number;
  weekend: readonly number[];
  /** Of this month, in order. */
  marked: readonly MarkedDay[];
}) {
  const words = useCalendarWords();
  const byDate = new Map(marked.map((day) => [day.date, day]));
  return (
    <section>
      <table className="w-full table-fixed border-collapse text-center text-table tabular-nums">
        <caption className="pb-1 text-left text-table font-medium">
          {words.month(year, month)}
        </caption>
        <thead>
          <tr>
            {WEEK.map((weekday) => (
              <th
                key={weekday}
                scope="col"
                abbr={words.weekday(weekday)}
                className="pb-0.5 text-axis font-normal text-ink-3"
              >
                {words.weekday(weekday, 'short')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(year, month).map((week) => (
            <tr key={week.find((date) => date !== null)}>
              {week.map((date, index) =>
                date === null ? (
                  <td key={`empty ${index}`} aria-hidden>
                    &nbsp;
                  </td>
                ) : (
                  <DayCell
                    key={date}
                    date={date}
                    day={byDate.get(date)}
                    isWeekend={weekend.includes(WEEK[index]!)}
                  />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <DayNames days={marked} />
    </section>
  );
}

/** Look of a marked day: a filled box is off, an outlined one is worked; a bar under the number is the calendar's own. */
export const dayLook: Readonly<Record<MarkedDay['kind'], string>> = {
  holiday: 'bg-time-tint font-semibold text-time-ink',
  date: 'bg-accent-tint font-semibold text-accent shadow-[inset_0_-2px_0_var(--accent)]',
  workday: 'font-semibold text-ok-ink shadow-[inset_0_0_0_1.5px_var(--ok-ink)]',
};

function DayCell({
  date,
  day,
  isWeekend,
}: {
  date: string;
  day: MarkedDay | undefined;
  isWeekend: boolean;
}) {
  const t = useTranslations('calendars');
  const number = Number(date.slice(8));
  const name = day && t(`marked.${day.kind}`, { name: day.name, named: named(day.name) });
  return (
    <td className="p-px">
      <span
        title={name}
        className={cn(
          'mx-auto flex h-6 w-full max-w-8 items-center justify-center rounded-mark phone:h-9 phone:max-w-11',
          day ? dayLook[day.kind] : isWeekend && 'bg-sunk text-ink-3',
        )}
      >
        {number}
        {name !== undefined && <span className="sr-only">, {name}</span>}
        {!day && isWeekend && <span className="sr-only">, {t('weekdayOff')}</span>}
      </span>
    </td>
  );
}

function DayNames({ days }: { days: readonly MarkedDay[] }) {
  const t = useTranslations('calendars');
  const words = useCalendarWords();
  if (days.length === 0) return null;
  return (
    <ul className="mt-1.5 grid gap-0.5 text-meta text-ink-2">
      {stretchesOf(days).map(({ first, last }) => (
        <li key={first.date} className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-2">
          <span className="text-ink-3 tabular-nums">
            {first === last
              ? words.dayOfMonth(first.date)
              : `${Number(first.date.slice(8))}–${Number(last.date.slice(8))}`}
          </span>
          <span className="break-words">
            {first.name || t(`unnamed.${first.kind}`)}
            {first.kind === 'workday' && (
              <span className="text-ok-ink">
                {' '}
                {t('workedInstead', {
                  kind: first.instead?.kind ?? 'none',
                  name: first.instead?.name ?? '',
                })}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Days in a row that say the same. */
function stretchesOf(days: readonly MarkedDay[]): { first: MarkedDay; last: MarkedDay }[] {
  const stretches: { first: MarkedDay; last: MarkedDay }[] = [];
  for (const day of days) {
    const before = stretches.at(-1);
    const isNext =
      before !== undefined && Date.parse(day.date) - Date.parse(before.last.date) === DAY_MS;
    if (isNext && wordsOf(before.first) === wordsOf(day)) before.last = day;
    else stretches.push({ first: day, last: day });
  }
  return stretches;
}

const wordsOf = ({ kind, name, instead }: MarkedDay) =>
  [kind, name, instead?.kind, instead?.name].join('\n');

const named = (name: string) => (name === '' ? 'no' : 'yes');

/** The dates of a month in weeks from Monday, null where a day belongs to another month. */
function weeksOf(year: number, month: number): (string | null)[][] {
  const first = Date.UTC(year, month, 1);
  const length = (Date.UTC(year, month + 1, 1) - first) / DAY_MS;
  const before = (new Date(first).getUTCDay() + 6) % 7;
  const cells = [
    ...Array.from({ length: before }, () => null),
    ...Array.from({ length }, (_, day) =>
      new Date(first + day * DAY_MS).toISOString().slice(0, 10),
    ),
  ];
  const weeks: (string | null)[][] = [];
  for (let from = 0; from < cells.length; from += 7) {
    const week = cells.slice(from, from + 7);
    weeks.push([...week, ...Array.from({ length: 7 - week.length }, () => null)]);
  }
  return weeks;
}
