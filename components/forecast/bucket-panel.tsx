'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useFormatter, useTimeZone, useTranslations } from 'next-intl';
import type { StartsOfJob } from '#core/forecast/read-forecast.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration } from '#components/time/duration.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { IconButton } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { useForecastAddress } from './forecast-address.ts';
import { startsQuery } from './forecast-queries.ts';

/** Who starts in a part of the chart, and who waits for a slot. */
export function BucketPanel({
  queue,
  from,
  to,
  onClose,
}: {
  queue: string | null;
  from: string;
  to: string;
  onClose: () => void;
}) {
  const t = useTranslations('forecast.bucket');
  const all = useTranslations('forecast');
  const words = useTimeWords();
  const clock = useClock();
  const timeZone = useTimeZone() ?? 'UTC';
  const [{ stretch }] = useForecastAddress();
  const { data, error } = useQuery(startsQuery(stretch, timeZone, { queue, from, to }));
  const title = t('title', {
    from: words.absolute(Date.parse(from), clock.atFirst),
    to: words.absolute(Date.parse(to), clock.atFirst),
    queue: queue ?? all('allQueues'),
  });
  return (
    <section
      aria-label={title}
      className="mt-2 rounded-box border border-line-strong px-4 pt-2.5 pb-3"
    >
      <div className="flex items-center gap-3">
        <h3 className="text-body font-medium">{title}</h3>
        {data && (
          <span className="text-meta text-ink-3">{t('jobs', { count: data.jobCount })}</span>
        )}
        <IconButton label={t('close')} size="small" className="ml-auto" onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      {error && !data && <p className="py-2 text-table text-fail-ink">{error.message}</p>}
      {!data && !error && <RowsSkeleton rows={4} dense label={t('loading')} />}
      {data?.jobs.length === 0 && <p className="py-2 text-table text-ink-2">{t('empty')}</p>}
      {data && data.jobs.length > 0 && (
        <div className="max-h-80 overflow-y-auto">
          <Table bleed={false} aria-label={title}>
            <TableHead>
              <Th className="bg-canvas">{t('job')}</Th>
              {queue === null && <Th className="w-36">{t('queue')}</Th>}
              <Th className="w-28">{t('first')}</Th>
              <Th numeric className="w-16">
                {t('starts')}
              </Th>
              <Th className="w-48 pl-6">{t('takes')}</Th>
              <Th className="w-56">{t('waits')}</Th>
            </TableHead>
            <TableBody>
              {data.jobs.map((job) => (
                <JobRow key={job.key} job={job} withQueue={queue === null} />
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {data && data.jobs.length < data.jobCount && (
        <p className="pt-2 text-meta text-ink-3">
          {t('more', { shown: data.jobs.length, count: data.jobCount })}
        </p>
      )}
    </section>
  );
}

function JobRow({ job, withQueue }: { job: StartsOfJob; withQueue: boolean }) {
  const t = useTranslations('forecast.bucket');
  const words = useTimeWords();
  const format = useFormatter();
  const usual = words.duration(job.usualMs);
  return (
    <Tr dense className="phone:min-h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td className="phone:col-start-1 phone:row-start-1 phone:block">
        <Link href={`/jobs/${job.key}`} className="font-mono hover:underline">
          {job.key}
        </Link>
      </Td>
      {withQueue && <Td className="font-mono text-ink-2">{job.queue}</Td>}
      <Td className="phone:col-start-2 phone:row-start-1 phone:block">
        <AbsoluteTime at={job.first} form="seconds" />
      </Td>
      <Td numeric>{format.number(job.starts)}</Td>
      <Td className="text-ink-2 desk:pl-6" title={job.isAssumed ? t('assumedHint') : undefined}>
        {job.isAssumed
          ? t('assumed', { usual })
          : t('takesOf', { usual, long: words.duration(job.longMs) })}
      </Td>
      <Td
        className={cn(
          'phone:col-span-2 phone:row-start-2 phone:block phone:text-meta phone:empty:hidden',
          job.waitMs >= 1_000 ? 'font-medium text-fail-ink' : 'text-ink-3',
        )}
      >
        <Waits job={job} />
      </Td>
    </Tr>
  );
}

function Waits({ job }: { job: StartsOfJob }) {
  const t = useTranslations('forecast.bucket');
  const meets = useTranslations('forecast.meets');
  const words = useTimeWords();
  const { waitMs, longWaitMs, overlapped } = job;
  const parts = [
    ...(waitMs >= 1_000 ? [<Duration key="wait" ms={waitMs} />] : []),
    ...(longWaitMs >= 1_000 && longWaitMs > waitMs
      ? [meets('orLong', { wait: words.duration(longWaitMs) })]
      : []),
    ...(overlapped > 0 ? [t('leftOut', { count: overlapped })] : []),
  ];
  return parts.length === 0
    ? '–'
    : parts.map((part, index) => (
        <span key={index}>
          {index > 0 && ', '}
          {part}
        </span>
      ));
}
