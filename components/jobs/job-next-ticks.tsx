'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ClockChange, NextTick } from '#core/jobs/next-ticks.ts';
import type { ScheduleDescription } from '#core/schedules/description.ts';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useClockText } from '#components/time/now-provider.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';
import { jobQuery, nextTicksQuery, type JobName } from './job-queries.ts';
import { offsetInWords, useZoneWords, wallTime } from './zone-words.ts';
import { cn } from '#components/ui/cn.ts';
import { BlackoutMark, TickMark } from './tick-mark.tsx';

/** The next fifty ticks in the job's zone, with the nights on which the clocks change. */
export function JobNextTicks({ name }: { name: JobName }) {
  const t = useTranslations('job');
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const { data: next } = useSuspenseQuery(nextTicksQuery(name));
  const { timeZone: readerZone } = useTimeWords();
  const timeZone = next.timeZone ?? 'UTC';
  const passed = useClockText(
    (nowMs) => next.ticks.filter(({ at }) => Date.parse(at) <= nowMs).length,
  );
  const isElsewhere = timeZone !== readerZone;
  const rows = [
    ...next.ticks.slice(passed).map((tick) => ({ kind: 'tick' as const, at: tick.at, tick })),
    ...next.clockChanges.map((change) => ({ kind: 'clocks' as const, at: change.at, change })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.kind === 'clocks' ? -1 : 1));
  return (
    <div className="max-w-3xl pt-4">
      <p className="text-table text-ink-2">
        {job.schedule && (
          <ScheduleWords schedule={job.schedule.description}>
            {(words) => t('nextSentence', { words, zone: timeZone })}
          </ScheduleWords>
        )}
      </p>
      {job.schedule && isAfterEnd(job.schedule.description) && (
        <p className="mt-1 text-table text-ink-2">{t('nextAfterEnd')}</p>
      )}
      {job.paused && <Notice className="mt-3" title={t('nextWhilePaused')} />}
      <ol className="mt-3 text-table">
        {rows.map((row) =>
          row.kind === 'clocks' ? (
            <ChangeRow key={`clocks ${row.at}`} change={row.change} timeZone={timeZone} />
          ) : (
            <TickRow key={row.at} tick={row.tick} timeZone={timeZone} isElsewhere={isElsewhere} />
          ),
        )}
      </ol>
    </div>
  );
}

const isAfterEnd = (schedule: ScheduleDescription): boolean =>
  schedule.key === 'limited' ? isAfterEnd(schedule.values.of) : schedule.key === 'after_end';

function TickRow({
  tick: { at, mark, blackout },
  timeZone,
  isElsewhere,
}: {
  tick: NextTick;
  timeZone: string;
  isElsewhere: boolean;
}) {
  const t = useTranslations('job');
  const zone = useZoneWords(timeZone);
  const nowMs = useClockText((ms) => ms - (ms % 60_000));
  const atMs = Date.parse(at);
  return (
    <li className="flex min-h-8 items-center gap-4 border-b border-line">
      <span className="w-24 shrink-0" suppressHydrationWarning>
        {zone.day(atMs, nowMs)}
      </span>
      <span
        className={cn('w-20 shrink-0 font-medium', blackout && 'line-through')}
        suppressHydrationWarning
      >
        {zone.time(atMs, atMs % 60_000 !== 0)}
      </span>
      <span className="min-w-0 flex-1 text-meta text-time-ink">
        {mark && <TickMark mark={mark} />}
        {blackout && <BlackoutMark blackout={blackout} />}
      </span>
      {isElsewhere && (
        <span className="text-ink-3 phone:hidden">
          {t.rich('hereIs', { at: () => <AbsoluteTime at={at} /> })}
        </span>
      )}
      <RelativeTime at={at} className="w-32 shrink-0 text-right text-ink-3" />
    </li>
  );
}

function ChangeRow({ change, timeZone }: { change: ClockChange; timeZone: string }) {
  const t = useTranslations('job');
  const zone = useZoneWords(timeZone);
  const atMs = Date.parse(change.at);
  return (
    <li className="flex min-h-8 items-center gap-2 border-b border-line text-meta text-time-ink">
      <Clock aria-hidden className="size-3" />
      <span suppressHydrationWarning>
        {t('clocksChange', {
          day: zone.day(atMs, atMs),
          from: wallTime(atMs, change.offsetBefore),
          to: wallTime(atMs, change.offsetAfter),
          offset: offsetInWords(change.offsetAfter),
        })}
      </span>
    </li>
  );
}
