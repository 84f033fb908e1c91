'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { CalendarYear, MarkedDay } from '#core/schedules/calendars/year-days.ts';
import { IconButton } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { dayLook, MonthGrid } from './month-grid.tsx';
import { FIRST_YEAR, LAST_YEAR } from './years.ts';

/** A year as a calendar has it, month by month. `isOld` while another year, or what was typed since, is on its way. */
export function YearView({
  days,
  year,
  onYear,
  isOld,
  narrow = false,
}: {
  /** Not there before the first answer. */
  days: CalendarYear | undefined;
  /** The year that is asked for. */
  year: number;
  onYear: (year: number) => void;
  isOld: boolean;
  /** Beside a form there is room for fewer months. */
  narrow?: boolean;
}) {
  const t = useTranslations('calendars');
  return (
    <section aria-label={t('year')} aria-busy={isOld || undefined}>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <div className="flex items-center gap-1">
          <IconButton
            label={t('yearBefore')}
            disabled={year <= FIRST_YEAR}
            onClick={() => onYear(year - 1)}
          >
            <ChevronLeft aria-hidden />
          </IconButton>
          <h2 className="min-w-12 text-center text-head tabular-nums" aria-live="polite">
            {year}
          </h2>
          <IconButton
            label={t('yearAfter')}
            disabled={year >= LAST_YEAR}
            onClick={() => onYear(year + 1)}
          >
            <ChevronRight aria-hidden />
          </IconButton>
        </div>
        {days && <Legend days={days} />}
      </div>
      <div
        className={cn(
          'mt-4 grid gap-x-8 gap-y-6 transition-opacity',
          narrow
            ? 'grid-cols-2 min-[100rem]:grid-cols-3 phone:grid-cols-1'
            : 'grid-cols-3 min-[88rem]:grid-cols-4 phone:grid-cols-1',
          isOld && 'opacity-60',
        )}
      >
        {Array.from({ length: 12 }, (_, month) =>
          days ? (
            <MonthGrid
              key={month}
              year={days.year}
              month={month}
              weekend={days.weekend}
              marked={ofMonth(days, month)}
            />
          ) : (
            <Skeleton key={month} className="h-44" />
          ),
        )}
      </div>
    </section>
  );
}

function ofMonth({ year, days }: CalendarYear, month: number): MarkedDay[] {
  const begin = `${year}-${String(month + 1).padStart(2, '0')}-`;
  return days.filter(({ date }) => date.startsWith(begin));
}

function Legend({ days }: { days: CalendarYear }) {
  const t = useTranslations('calendars');
  const count = (kind: MarkedDay['kind']) => days.days.filter((day) => day.kind === kind).length;
  const kinds = (['holiday', 'date', 'workday'] as const).filter((kind) => count(kind) > 0);
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-meta text-ink-2">
      {kinds.map((kind) => (
        <Sample key={kind} look={dayLook[kind]}>
          {t(`legend.${kind}`, { count: count(kind) })}
        </Sample>
      ))}
      {days.weekend.length > 0 && <Sample look="bg-sunk text-ink-3">{t('weekdayOff')}</Sample>}
      <li className="text-ink-3">{t('businessDaysInYear', { count: days.businessDays })}</li>
    </ul>
  );
}

function Sample({ look, children }: { look: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-1.5">
      <span
        aria-hidden
        className={cn('flex size-5 items-center justify-center rounded-mark text-axis', look)}
      >
        7
      </span>
      {children}
    </li>
  );
}
