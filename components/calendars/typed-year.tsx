'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { CalendarDefinition } from '#core/schedules/calendars/definition.ts';
import { HttpProblem } from '#components/shell/fetch-json.ts';
import { typedYearQuery } from './calendar-queries.ts';
import { useRested } from './use-rested.ts';
import { YearView } from './year-view.tsx';

/** The year of what is typed, a moment after one pauses. */
export function TypedYear({
  definition,
  thisYear,
}: {
  definition: CalendarDefinition;
  thisYear: number;
}) {
  const t = useTranslations('calendars.form');
  const [year, setYear] = useState(thisYear);
  const rested = useRested(definition);
  const { data, isPlaceholderData, error } = useQuery(typedYearQuery(rested, year));
  return (
    <>
      {error && (
        <p className="mb-3 text-table text-pretty text-ink-2">
          {error instanceof HttpProblem && error.refusal ? error.message : t('yearUnknown')}
        </p>
      )}
      <YearView
        days={data}
        year={year}
        onYear={setYear}
        isOld={isPlaceholderData || error !== null}
        narrow
      />
    </>
  );
}
