'use client';

import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { SquarePen, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { parseAsInteger } from 'nuqs/server';
import { useState } from 'react';
import { addressHook } from '#components/shell/address-hook.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import type { DeleteCalendarAction } from './calendar-actions.ts';
import { CalendarJobs } from './calendar-jobs.tsx';
import { calendarQuery, calendarYearQuery } from './calendar-queries.ts';
import { CalendarRevisions } from './calendar-revisions.tsx';
import { useCalendarWords } from './use-calendar-words.ts';
import { YearView } from './year-view.tsx';
import { yearIn } from './years.ts';

const DeleteDialog = dynamic(
  () => import('./calendar-delete-dialog.tsx').then((file) => file.CalendarDeleteDialog),
  { ssr: false },
);

const useYearAddress = addressHook({ year: parseAsInteger }, 'replace');

/** One calendar: its year, who uses it, and who changed it. */
export function CalendarScreen({
  calendarKey,
  thisYear,
  mayWrite,
  deleteCalendar,
}: {
  calendarKey: string;
  thisYear: number;
  mayWrite: boolean;
  deleteCalendar: DeleteCalendarAction;
}) {
  const t = useTranslations('calendars');
  const words = useCalendarWords();
  const router = useRouter();
  const { data: calendar } = useSuspenseQuery(calendarQuery(calendarKey));
  const [address, change] = useYearAddress();
  const year = yearIn(address.year, thisYear);
  const { data: days, isPlaceholderData } = useQuery(calendarYearQuery(calendarKey, year));
  const [isDeleting, setIsDeleting] = useState(false);
  const { name, says, jobCount, revision, savedBy, savedAt, isDeleted } = calendar;
  const who = useTranslations('whoMay');
  const mayChange = mayWrite && !isDeleted;
  const hint = isDeleted ? t('isDeleted') : mayWrite ? undefined : who('calendar:write');
  const editAddress = `/calendars/${calendarKey}/edit`;
  usePageActions([
    {
      id: 'edit',
      label: t('edit'),
      keys: 'e',
      isDisabled: !mayChange,
      hint,
      run: () => router.push(editAddress),
    },
    {
      id: 'delete',
      label: t('delete'),
      isDisabled: !mayChange,
      hint,
      run: () => setIsDeleting(true),
    },
  ]);
  return (
    <>
      <PageHead
        crumbs={[{ label: t('title'), href: '/calendars' }]}
        title={name}
        sentence={
          <>
            {says ? `${words.says(says)}. ` : null}
            {t('usedByJobs', { count: jobCount })}{' '}
            {t.rich('savedBy', {
              revision,
              name: savedBy,
              when: () => <RelativeTime at={savedAt} />,
            })}
          </>
        }
        actions={
          <>
            <Button
              variant="ghost"
              icon={<Trash2 aria-hidden />}
              disabled={!mayChange}
              title={hint}
              onClick={() => setIsDeleting(true)}
            >
              {t('delete')}
            </Button>
            {mayChange ? (
              <Button asChild variant="primary">
                <Link href={editAddress}>
                  <SquarePen aria-hidden />
                  {t('edit')}
                </Link>
              </Button>
            ) : (
              <Button variant="primary" icon={<SquarePen aria-hidden />} disabled title={hint}>
                {t('edit')}
              </Button>
            )}
          </>
        }
      />
      {isDeleted && (
        <Notice className="mt-4" title={t('isDeleted')}>
          {t('isDeletedMeaning')}
        </Notice>
      )}
      <div className="mt-5 min-[75rem]:grid min-[75rem]:grid-cols-[minmax(0,1fr)_20rem] min-[75rem]:gap-8">
        {says === null ? (
          <Notice tone="fail" title={t('unreadable')}>
            {t('unreadableMeaning')}
          </Notice>
        ) : (
          <YearView
            days={days}
            year={year}
            onYear={(next) => change({ year: next === thisYear ? null : next })}
            isOld={isPlaceholderData}
          />
        )}
        <aside className="grid content-start gap-6 max-[75rem]:mt-8 max-[75rem]:border-t max-[75rem]:border-line max-[75rem]:pt-4 min-[75rem]:border-l min-[75rem]:border-line min-[75rem]:pl-6 max-[75rem]:desk:grid-cols-2">
          <CalendarJobs calendar={calendar} />
          <CalendarRevisions calendarKey={calendarKey} />
        </aside>
      </div>
      {isDeleting && (
        <DeleteDialog
          calendar={calendar}
          deleteCalendar={deleteCalendar}
          onClose={() => setIsDeleting(false)}
        />
      )}
    </>
  );
}
