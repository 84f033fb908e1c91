'use client';

import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTimeZone, useTranslations } from 'next-intl';
import type { DayOfWeek } from '#core/overview/week.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Link } from '#components/ui/link.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { weekQuery } from './overview-queries.ts';
import { shareOf, withoutEmptyBegin } from './week.ts';

/** The seven days before today, the latest first: how many ran, how many failed, and the worst of each. */
export function WeekSection() {
  const t = useTranslations('overview');
  const timeZone = useTimeZone() ?? 'UTC';
  const { data } = useQuery(weekQuery(timeZone));
  if (!data) return <RowsSkeleton rows={7} label={t('week')} dense />;
  const days = withoutEmptyBegin(data);
  return (
    <section aria-labelledby="week" className="mt-8">
      <SectionHead
        id="week"
        title={t('week')}
        note={days.length > 1 && <Span days={days} />}
        end={
          days.length > 0 && (
            <TextLink href="/runs?state=failed,timed_out,lost&span=7d">{t('allFailed')}</TextLink>
          )
        }
        className="pb-1"
      />
      {days.length === 0 ? (
        <p className="mt-1 border-y border-line py-4 text-body text-ink-2">{t('weekEmpty')}</p>
      ) : (
        <Table bleed={false} aria-label={t('week')}>
          <TableHead>
            <Th className="w-[14%]">{t('day')}</Th>
            <Th numeric className="w-[11%]">
              {t('ran')}
            </Th>
            <Th numeric className="w-[12%]">
              {t('failed')}
            </Th>
            <Th numeric className="w-[14%] pr-8">
              {t('succeeded')}
            </Th>
            <Th>{t('worst')}</Th>
          </TableHead>
          <TableBody>
            {days.map((day) => (
              <DayRow key={day.from} day={day} />
            ))}
          </TableBody>
        </Table>
      )}
    </section>
  );
}

function Span({ days }: { days: readonly DayOfWeek[] }) {
  const t = useTranslations('overview');
  return t.rich('weekSpan', {
    first: () => <AbsoluteTime at={days.at(-1)!.from} form="day" />,
    last: () => <AbsoluteTime at={days[0]!.from} form="day" />,
  });
}

function DayRow({ day }: { day: DayOfWeek }) {
  const t = useTranslations('overview');
  const format = useFormatter();
  const share = shareOf(day);
  const about = (count: number) => {
    const number = format.number(count);
    return day.isEstimate && count > 0 ? t('about', { number }) : number;
  };
  return (
    <Tr className="h-8 phone:grid-cols-[minmax(0,1fr)_5rem_5rem_4rem]">
      <Td className="phone:col-start-1 phone:block">
        <AbsoluteTime at={day.from} form="day" />
      </Td>
      <Td numeric className="phone:col-start-2 phone:block">
        {about(day.ran)}
        <PhoneWord>{t('sum.ran')}</PhoneWord>
      </Td>
      <Td numeric className="phone:col-start-3 phone:block">
        {day.failed > 0 ? (
          <Link
            href={`/runs?state=failed,timed_out,lost&from=${day.from}&to=${day.to}`}
            className="hover:underline"
          >
            {about(day.failed)}
          </Link>
        ) : (
          0
        )}
        <PhoneWord>{t('failedWord')}</PhoneWord>
      </Td>
      <Td numeric className="phone:col-start-4 phone:block desk:pr-8">
        {share === null
          ? '—'
          : t('percent', { share: format.number(share, { maximumFractionDigits: 1 }) })}
      </Td>
      <Td className="text-ink-2 phone:col-span-4 phone:block phone:empty:hidden">
        <Worst worst={day.worst} />
      </Td>
    </Tr>
  );
}

/** The column's title, where there is no head over the columns. */
function PhoneWord({ children }: { children: string }) {
  return <span className="text-ink-3 desk:hidden"> {children}</span>;
}

function Worst({ worst }: { worst: DayOfWeek['worst'] }) {
  const t = useTranslations('overview');
  if (!worst) return <span className="phone:hidden">—</span>;
  return (
    <Link
      href={`/runs/${worst.runId}`}
      title={worst.cause ?? undefined}
      className="hover:underline"
    >
      {t('worstOf', {
        key: worst.jobKey,
        runs: worst.runs,
        state: worst.state,
        hasCause: String(worst.cause !== null),
        cause: worst.cause ?? '',
      })}
    </Link>
  );
}
