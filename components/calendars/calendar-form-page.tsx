'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageHead } from '#components/shell/page-head.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { CalendarForm, type CalendarFormProps } from './calendar-form.tsx';
import { calendarQuery } from './calendar-queries.ts';
import { typedOf } from './typed-calendar.ts';

type Common = Pick<CalendarFormProps, 'countries' | 'thisYear' | 'userId' | 'actions'>;

export function NewCalendarPage(common: Common) {
  const t = useTranslations('calendars');
  return (
    <>
      <PageHead crumbs={[{ label: t('title'), href: '/calendars' }]} title={t('new')} />
      <CalendarForm saved={null} newestRevision={null} {...common} />
    </>
  );
}

/** Edits the revision that was current when the page opened; tells when somebody has saved since. */
export function EditCalendarPage({ calendarKey, ...common }: Common & { calendarKey: string }) {
  const t = useTranslations('calendars');
  const { data: current } = useSuspenseQuery(calendarQuery(calendarKey));
  const [first] = useState(current);
  return (
    <>
      <PageHead
        crumbs={[
          { label: t('title'), href: '/calendars' },
          { label: first.name, href: `/calendars/${calendarKey}` },
        ]}
        title={t('editTitle')}
      />
      {current.revision > first.revision && (
        <Notice
          className="mt-4"
          title={t('newerRevision', { name: current.savedBy, revision: current.revision })}
        >
          {t('newerRevisionHint')}
        </Notice>
      )}
      {first.definition === null ? (
        <Notice tone="fail" className="mt-4" title={t('unreadable')}>
          {t('unreadableMeaning')}
        </Notice>
      ) : (
        <CalendarForm
          saved={{
            key: calendarKey,
            revision: first.revision,
            typed: typedOf(calendarKey, first.name, first.definition),
            jobCount: current.jobCount,
          }}
          newestRevision={current.revision}
          {...common}
        />
      )}
    </>
  );
}
