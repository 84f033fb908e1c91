'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { OutcomeBars } from '#components/bars/outcome-bars.tsx';
import { slotsTaken } from '#components/bars/bar-layout.ts';
import { Sparkline } from '#components/bars/sparkline.tsx';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { Td, Tr } from '#components/ui/table.tsx';
import { columnLook } from './job-columns.ts';
import type { JobColumn } from './job-list-address.ts';
import type { JobListRights } from './job-list-view.ts';
import { JobRowActs } from './job-row-acts.tsx';
import { JobNext, JobReason } from './job-row-state.tsx';
import { shownStateOf } from './job-state.ts';
import type { JobListActs } from './use-job-list-acts.ts';

const BARS = 30;

export type JobRowProps = {
  job: JobSummary;
  columns: readonly JobColumn[];
  /** Its bars are drawn; without them it is as high. */
  isDrawn: boolean;
  acts: JobListActs;
  rights: JobListRights;
  isCursor: boolean;
  isSelected: boolean;
  /** Several are being chosen: the boxes to tick show in all rows. */
  isChoosing: boolean;
  onSelect: (id: number, isRange: boolean) => void;
};

/** One job. It renders again only when something of it changed. */
export const JobRow = memo(function JobRow({
  job,
  columns,
  isDrawn,
  acts,
  rights,
  isCursor,
  isSelected,
  isChoosing,
  onSelect,
}: JobRowProps) {
  const t = useTranslations('jobs');
  return (
    <Tr
      data-row={String(job.id)}
      isCursor={isCursor}
      isSelected={isSelected}
      className="relative phone:grid-cols-[14px_minmax(0,1fr)_6rem]"
    >
      <Td
        className={cn('overflow-visible', isChoosing && 'phone:row-span-2 phone:block')}
        phone={isChoosing ? 'glyph' : 'hidden'}
      >
        <Checkbox
          aria-label={t('select', { key: job.key })}
          checked={isSelected}
          onClick={(event) => onSelect(job.id, event.shiftKey)}
          className={cn(
            'z-1',
            !isChoosing &&
              'desk:opacity-0 desk:group-hover/row:opacity-100 desk:group-data-cursor/row:opacity-100 desk:focus-visible:opacity-100',
          )}
        />
      </Td>
      <Td phone={isChoosing ? 'hidden' : 'glyph'} className="overflow-visible">
        <StateGlyph
          state={shownStateOf(job)}
          label={t(`state.${job.state}`)}
          className="align-[-2px]"
        />
      </Td>
      <Td phone="first" className="relative overflow-visible">
        <span className="flex items-baseline gap-2.5">
          <Link
            href={`/jobs/${job.key}`}
            // A hundred rows in sight would ask for a hundred pages; the one that is pointed at is enough.
            onPointerEnter={() => acts.prepare(job)}
            data-row-link
            className={cn(
              'max-w-full min-w-0 shrink-0 font-mono hover:underline focus-visible:outline-offset-2 phone:before:absolute phone:before:inset-0',
              job.state === 'paused' && 'text-ink-2',
            )}
          >
            <MiddleEllipsis text={job.key} />
          </Link>
          <span className="min-w-0 truncate phone:hidden">
            <JobReason job={job} />
          </span>
        </span>
        <JobRowActs job={job} acts={acts} rights={rights} />
      </Td>
      <Td phone="second" className="desk:hidden">
        <JobReason job={job} />
        {(job.state === 'healthy' || job.state === 'running' || job.state === 'never_ran') &&
          job.schedule && <ScheduleWords schedule={job.schedule.description} />}
      </Td>
      <Td phone="first-end" className="text-table desk:hidden">
        <JobNext job={job} isShort />
      </Td>
      {columns.map((column) => (
        <JobCell key={column} column={column} job={job} isDrawn={isDrawn} />
      ))}
    </Tr>
  );
});

function JobCell({
  column,
  job,
  isDrawn,
}: {
  column: JobColumn;
  job: JobSummary;
  isDrawn: boolean;
}) {
  const look = columnLook[column];
  switch (column) {
    case 'bars':
      return (
        <Td phone="second-end" className={cn('overflow-hidden', look)}>
          {/* Where there is room for half of them, the newest show. */}
          <span className="flex max-[75rem]:justify-end max-[75rem]:overflow-hidden">
            {isDrawn && (
              <OutcomeBars items={job.bars} slots={Math.max(1, slotsTaken(job.bars, BARS))} />
            )}
          </span>
        </Td>
      );
    case 'median':
      return (
        <Td className={look}>
          <MedianAndTrend job={job} />
        </Td>
      );
    case 'next':
      return (
        <Td className={look}>
          <JobNext job={job} />
        </Td>
      );
    case 'schedule':
      return <Td className={look}>{job.schedule && <ScheduleCell schedule={job.schedule} />}</Td>;
    case 'queue':
      return <Td className={cn('text-ink-2', look)}>{job.queue}</Td>;
    case 'labels':
      return (
        <Td className={look}>
          <Labels labels={job.labels} />
        </Td>
      );
    case 'owner':
      return <Td className={cn('text-ink-2', look)}>{job.owner}</Td>;
    case 'kind':
      return (
        <Td className={cn('text-ink-2', look)}>
          <KindWord kind={job.kind} />
        </Td>
      );
  }
}

function MedianAndTrend({ job: { medianMs, trend, isSlowing } }: { job: JobSummary }) {
  const t = useTranslations('jobs');
  const time = useTimeWords();
  if (medianMs === null) return null;
  const median = time.duration(medianMs);
  return (
    <span className="flex items-center justify-end gap-3 text-ink-2">
      {median}
      <Sparkline
        values={trend}
        rising={isSlowing}
        label={t('trend', { median, isSlowing: String(isSlowing) })}
        className="w-[52px] max-[75rem]:hidden"
      />
    </span>
  );
}

/** A schedule, whole and with its zone where the pointer rests on it. */
function ScheduleCell({
  schedule: { description, timeZone },
}: {
  schedule: NonNullable<JobSummary['schedule']>;
}) {
  const t = useTranslations('schedules');
  return (
    <ScheduleWords schedule={description}>
      {(words) => (
        <span
          className="block truncate"
          title={timeZone === null ? words : t('inZone', { words, zone: timeZone })}
        >
          {words}
        </span>
      )}
    </ScheduleWords>
  );
}

/** The first label's value, as teams group by it, and how many more there are. */
function Labels({ labels }: { labels: JobSummary['labels'] }) {
  const t = useTranslations('jobs');
  const entries = Object.entries(labels);
  const [first] = entries;
  if (!first) return null;
  const [name, value] = first;
  const all = entries.map(([one, its]) => (its === '' ? one : `${one}=${its}`)).join(', ');
  return (
    <span className="flex items-center gap-1" title={all}>
      <LabelChip>{value === '' || value === 'true' ? name : value}</LabelChip>
      {entries.length > 1 && (
        <span className="text-meta text-ink-3">
          {t('moreLabels', { count: entries.length - 1 })}
        </span>
      )}
    </span>
  );
}

function KindWord({ kind }: { kind: string }) {
  const t = useTranslations('jobs.kind');
  return kind === 'http' || kind === 'command' || kind === 'script' ? t(kind) : kind;
}
