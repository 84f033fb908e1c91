'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import type { CalendarRevision } from '#core/calendars/calendar-revisions.ts';
import type { CalendarChange } from '#core/schedules/calendars/calendar-changes.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { calendarRevisionsQuery } from './calendar-queries.ts';
import { useCalendarWords } from './use-calendar-words.ts';

/** Who changed a calendar, when, why, and what. */
export function CalendarRevisions({ calendarKey }: { calendarKey: string }) {
  const t = useTranslations('calendars');
  const { data: revisions } = useSuspenseQuery(calendarRevisionsQuery(calendarKey));
  return (
    <section aria-label={t('revisions')}>
      <SectionHead title={t('revisions')} note={revisions.length} className="mb-1" />
      <ol className="text-table">
        {revisions.map((revision) => (
          <RevisionLine key={revision.number} revision={revision} />
        ))}
      </ol>
    </section>
  );
}

function RevisionLine({
  revision: { number, note, savedBy, savedAt, changes },
}: {
  revision: CalendarRevision;
}) {
  const t = useTranslations('calendars');
  const changeWords = useChangeWords();
  return (
    <li className="border-b border-line py-2 last:border-b-0">
      <span className="flex items-baseline gap-2">
        <span className="font-medium">{t('revisionNumber', { number })}</span>
        <span className="ml-auto text-meta text-ink-3">
          <RelativeTime at={savedAt} />
        </span>
      </span>
      <span className="block text-ink-2">
        {savedBy}, <AbsoluteTime at={savedAt} />
      </span>
      {note && <span className="block text-pretty text-ink-2">“{note}”</span>}
      {changes && changes.length > 0 && (
        <ul className="mt-0.5 text-meta text-pretty text-ink-2">
          {changes.map((change) => (
            <li key={change.kind}>{changeWords(change)}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function useChangeWords() {
  const t = useTranslations('calendars.change');
  const words = useCalendarWords();
  const format = useFormatter();
  return (change: CalendarChange): string => {
    switch (change.kind) {
      case 'name':
        return t('name', { before: change.before, after: change.after });
      case 'weekend':
        return t('weekend', {
          before: words.weekend(change.before),
          after: words.weekend(change.after),
        });
      case 'holidays': {
        const place = (of: typeof change.before) =>
          of === null
            ? t('noHolidays')
            : [of.country, of.region, of.types.join(' + ')].filter(Boolean).join(' ');
        return t('holidays', { before: place(change.before), after: place(change.after) });
      }
      default: {
        const days = change.dates.map(({ date, name }) =>
          name === '' ? words.day(date) : `${words.day(date)} (${name})`,
        );
        const all = change.more > 0 ? [...days, t('more', { count: change.more })] : days;
        return t(change.kind, { days: format.list(all) });
      }
    }
  };
}
