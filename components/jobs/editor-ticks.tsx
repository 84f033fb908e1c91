'use client';

import { Clock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { isUnchanged } from '#core/schedules/fire-counts.ts';
import type { FireMark } from '#core/schedules/fires.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { cn } from '#components/ui/cn.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Difference } from './editor-difference.tsx';
import { ZOOMS, type Zoom } from './editor-difference-chart.tsx';
import type { Preview, PreviewRow } from './schedule-preview.ts';
import { TICKS, useScheduleAhead } from './use-schedule-ahead.ts';
import { useCoarseNow } from './use-schedule-tools.ts';
import { useBlackoutFate } from './use-blackout-fate.ts';
import { useZoneWords, wallTime } from './zone-words.ts';

/** What would change, and the next ticks, as one types: both held against what is saved. */
export function UpcomingTicks({
  job,
  savedAs,
}: {
  /** What is saved; null for a new job. */
  job: { id: number; schedule: Schedule } | null;
  /** "against revision 8, saved 3 weeks ago" */
  savedAs: ReactNode;
}) {
  const t = useTranslations('before');
  const nowMs = useCoarseNow();
  const [zoom, setZoom] = useState<Zoom>('week');
  const { ahead, schedule } = useScheduleAhead(job, ZOOMS[zoom]);
  const timeZone = zoneOf(schedule) ?? (job && zoneOf(job.schedule)) ?? 'UTC';
  const isEdited = job !== null && JSON.stringify(schedule) !== JSON.stringify(job.schedule);
  const difference = ahead.state === 'known' ? ahead.difference : null;
  return (
    <>
      {difference && (isEdited || !isUnchanged(difference)) && (
        <Difference
          difference={difference}
          timeZone={timeZone}
          nowMs={nowMs}
          zoom={zoom}
          onZoom={setZoom}
        />
      )}
      <section aria-label={t('ticks', { count: TICKS })}>
        <div className="flex items-baseline justify-between gap-3">
          <h2 className="text-head">{t('ticks', { count: TICKS })}</h2>
          <span className="text-meta text-ink-3">{savedAs}</span>
        </div>
        {ahead.state === 'loading' ? (
          <TicksSkeleton />
        ) : ahead.state !== 'known' ? (
          <p className="mt-1 text-table text-pretty text-ink-2">
            {ahead.state === 'refused'
              ? t('ticksRefused', { problem: ahead.problem })
              : t(states[ahead.state])}
          </p>
        ) : schedule.type === 'manual' ? (
          <p className="mt-1 text-table text-pretty text-ink-2">{t('ticksManual')}</p>
        ) : schedule.type === 'interval' && schedule.from === 'end' ? (
          <p className="mt-1 text-table text-pretty text-ink-2">{t('ticksAfterEnd')}</p>
        ) : ahead.ticks.rows.length === 0 ? (
          <p className="mt-1 text-table text-pretty text-ink-2">{t('ticksNone')}</p>
        ) : (
          <TickList
            preview={ahead.ticks}
            isCompared={job !== null}
            timeZone={timeZone}
            nowMs={nowMs}
          />
        )}
      </section>
    </>
  );
}

const states = {
  manual: 'ticksManual',
  unreadable: 'ticksUnreadable',
  unreachable: 'ticksUnreachable',
} as const;

const zoneOf = (schedule: Schedule) => (schedule.type === 'manual' ? null : schedule.timeZone);

function TickList({
  preview,
  isCompared,
  timeZone,
  nowMs,
}: {
  preview: Preview;
  isCompared: boolean;
  timeZone: string;
  nowMs: number;
}) {
  const t = useTranslations('before');
  const zone = useZoneWords(timeZone);
  const fateOf = useBlackoutFate(timeZone, nowMs);
  const withSeconds = preview.rows.some(({ atMs }) => atMs % 60_000 !== 0);
  const { added, removed } = preview;
  const same = preview.rows.filter((row) => row.kind === 'tick' && row.sign === 'same').length;
  return (
    <>
      <p className="mt-1 mb-2.5 text-table text-ink-2 [&_b]:font-medium">
        {isCompared && added + removed > 0
          ? t.rich('ticksCompared', {
              added,
              removed,
              same,
              b: (words) => <b className="text-accent">{words}</b>,
              s: (words) => <b className="text-ink">{words}</b>,
            })
          : t('ticksIn', { zone: timeZone })}
      </p>
      <ol className="text-table">
        {preview.rows.map((row) =>
          row.kind === 'clocks' ? (
            <ClocksRow key={`clocks ${row.atMs}`} row={row} day={zone.day(row.atMs, nowMs)} />
          ) : row.kind === 'left_out' ? (
            <LeftOutRow key={`off ${row.atMs}`} row={row} day={zone.day(row.atMs, nowMs)} />
          ) : (
            <TickRow
              key={`${row.sign} ${row.atMs}`}
              row={row}
              day={zone.day(row.atMs, nowMs)}
              time={zone.time(row.atMs, withSeconds)}
              clock={(atMs) => zone.time(atMs)}
              fate={row.blackout && fateOf(row.blackout)}
              isFirst={row === preview.rows.find(({ kind }) => kind === 'tick')}
            />
          ),
        )}
      </ol>
    </>
  );
}

const signs = { same: '', added: '+', removed: '−' } as const;

function TickRow({
  row,
  day,
  time,
  clock,
  fate,
  isFirst,
}: {
  row: Extract<PreviewRow, { kind: 'tick' }>;
  day: string;
  time: string;
  clock: (atMs: number) => string;
  /** What a blackout makes of it. */
  fate: string | undefined;
  isFirst: boolean;
}) {
  const t = useTranslations('before');
  const { sign } = row;
  const isMarked = row.marks.length > 0 || fate !== undefined;
  const markWords = (mark: FireMark): string => {
    switch (mark.kind) {
      case 'moved_by_dst':
        return t('markMoved', { wall: mark.wallTime, to: time });
      case 'repeated':
        return t('markRepeated');
      case 'jittered':
        return t('markJittered', { nominal: clock(Date.parse(mark.nominal)) });
      case 'moved_by_calendar':
        return t('markMovedByCalendar', {
          from: mark.from,
          because: mark.because,
          named: mark.because === '' ? 'no' : 'yes',
        });
    }
  };
  return (
    <li
      className={cn(
        '-mx-2 grid h-[26px] grid-cols-[20px_minmax(6rem,auto)_auto_minmax(0,1fr)] items-center gap-x-2 px-2 whitespace-nowrap',
        sign === 'added' && 'bg-accent-tint',
      )}
    >
      <span
        aria-hidden
        className={cn('font-mono', sign === 'added' ? 'text-accent' : 'text-ink-3')}
      >
        {signs[sign]}
      </span>
      <span className={cn(sign === 'removed' && 'text-ink-3 line-through')}>{day}</span>
      <span
        className={cn(
          sign === 'removed' && 'text-ink-3 line-through',
          sign === 'added' && 'font-medium text-accent',
          fate !== undefined && 'line-through decoration-ink-3',
        )}
      >
        {time}
        {sign !== 'same' && <span className="sr-only"> {t(`sign.${sign}`)}</span>}
      </span>
      <span
        className={cn('truncate text-right text-meta', isMarked ? 'text-time-ink' : 'text-ink-3')}
        title={fate}
      >
        {[...row.marks.map(markWords), ...(fate === undefined ? [] : [fate])].join(' · ')}
        {!isMarked && isFirst && <RelativeTime at={new Date(row.atMs).toISOString()} />}
      </span>
    </li>
  );
}

function ClocksRow({ row, day }: { row: Extract<PreviewRow, { kind: 'clocks' }>; day: string }) {
  const t = useTranslations('before');
  const isForward = row.offsetAfter > row.offsetBefore;
  return (
    <li className="flex h-[26px] items-center gap-2 text-meta text-time-ink before:w-3 before:border-t before:border-line-strong after:flex-1 after:border-t after:border-line-strong">
      <Clock aria-hidden className="size-3" />
      {t(isForward ? 'clocksRowForward' : 'clocksRowBack', {
        day,
        from: wallTime(row.atMs, row.offsetBefore),
        to: wallTime(row.atMs, row.offsetAfter),
      })}
    </li>
  );
}

function LeftOutRow({ row, day }: { row: Extract<PreviewRow, { kind: 'left_out' }>; day: string }) {
  const t = useTranslations('before');
  const { count, because } = row;
  return (
    <li className="-mx-2 grid h-[26px] grid-cols-[20px_minmax(6rem,auto)_minmax(0,1fr)] items-center gap-x-2 px-2 text-ink-3">
      <span aria-hidden className="font-mono">
        ·
      </span>
      <s>{day}</s>
      <span className="truncate text-right text-meta">
        {t('leftOut', { count, off: because.kind, name: because.name || t('dayOff') })}
      </span>
    </li>
  );
}

function TicksSkeleton() {
  return (
    <div className="mt-3 grid gap-3.5 pt-1">
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} style={{ width: `${48 + ((index * 7) % 5) * 4}%` }} />
      ))}
    </div>
  );
}
