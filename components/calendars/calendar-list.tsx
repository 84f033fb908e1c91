'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useNewButton } from '#components/list/new-button.tsx';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Link } from '#components/ui/link.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { CalendarSummary } from '#core/calendars/read-calendars.ts';
import { calendarList } from './calendar-queries.ts';
import { CalendarsHead } from './calendars-head.tsx';
import { useCalendarWords } from './use-calendar-words.ts';

/** All calendars: what they say, who uses them, and when the next day off comes. */
export function CalendarList({ mayWrite }: { mayWrite: boolean }) {
  const t = useTranslations('calendars');
  const { data: calendars } = useSuspenseQuery(calendarList);
  const router = useRouter();
  const who = useTranslations('whoMay');
  const newButton = useNewButton({
    href: '/calendars/new',
    label: t('new'),
    refusal: mayWrite ? undefined : who('calendar:write'),
  });
  const { rowProps } = useRowKeys(
    calendars.map(({ key }) => key),
    {
      onOpen: (key) => router.push(`/calendars/${key}`),
      ...(mayWrite && { onEdit: (key: string) => router.push(`/calendars/${key}/edit`) }),
    },
  );
  if (calendars.length === 0) {
    return (
      <>
        <CalendarsHead sentence={t('sentenceNone')} />
        <EmptyState title={t('emptyTitle')} actions={newButton}>
          {t('emptyMeaning')}
        </EmptyState>
      </>
    );
  }
  const used = calendars.filter(({ jobs }) => jobs > 0).length;
  return (
    <>
      <CalendarsHead
        sentence={t('sentence', { count: calendars.length, used })}
        actions={newButton}
      />
      <Table className="mt-3">
        <colgroup className="phone:hidden">
          <col className="w-60 max-[80rem]:w-48" />
          <col />
          <col className="w-20" />
          <col className="w-64 max-[80rem]:w-52" />
          <col className="w-32 max-[80rem]:hidden" />
        </colgroup>
        <TableHead>
          <Th>{t('name')}</Th>
          <Th>{t('says')}</Th>
          <Th numeric>{t('jobs')}</Th>
          <Th className="desk:pl-6">{t('nextDayOff')}</Th>
          <Th className="max-[80rem]:hidden">{t('saved')}</Th>
        </TableHead>
        <TableBody>
          {calendars.map((calendar) => (
            <CalendarRow key={calendar.key} calendar={calendar} row={rowProps(calendar.key)} />
          ))}
        </TableBody>
      </Table>
    </>
  );
}

function CalendarRow({
  calendar: { key, name, says, jobs, nextDayOff, savedAt },
  row,
}: {
  calendar: CalendarSummary;
  row: { isCursor: boolean };
}) {
  const t = useTranslations('calendars');
  const words = useCalendarWords();
  return (
    <Tr {...row} className="phone:grid-cols-[minmax(0,1fr)_auto] phone:gap-y-0.5 desk:h-12">
      <Td phone="first" className="whitespace-normal phone:col-start-1">
        <Link
          href={`/calendars/${key}`}
          data-row-link
          className="text-pretty break-words hover:underline"
        >
          {name}
        </Link>
        <span className="block truncate font-mono text-meta text-ink-3">{key}</span>
      </Td>
      <Td
        phone="second"
        className="text-ink-2 phone:col-span-2 phone:col-start-1 phone:whitespace-normal desk:whitespace-normal"
      >
        {says ? words.says(says) : t('unreadable')}
      </Td>
      <Td numeric phone="first-end" className="phone:col-start-2">
        {jobs}
        <span className="ml-1 desk:hidden">{t('jobsOnPhone', { count: jobs })}</span>
      </Td>
      <Td
        phone="second"
        className="phone:col-span-2 phone:col-start-1 phone:row-start-3 phone:whitespace-normal desk:pl-6"
      >
        <span className="text-ink-3 desk:hidden">{t('nextDayOff')}: </span>
        {nextDayOff ? (
          <>
            {words.day(nextDayOff.date)}
            {nextDayOff.name && (
              <span className="text-ink-3 desk:block desk:truncate">
                <span className="desk:hidden">, </span>
                {nextDayOff.name}
              </span>
            )}
          </>
        ) : (
          <span className="text-ink-3">{t('noneWithinYear')}</span>
        )}
      </Td>
      <Td className="text-ink-3 max-[80rem]:hidden">
        <RelativeTime at={savedAt} />
      </Td>
    </Tr>
  );
}
