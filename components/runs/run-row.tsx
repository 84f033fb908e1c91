'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { memo } from 'react';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { StateWord } from '#components/state/state-word.tsx';
import { toneOf } from '#components/state/state.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration, ElapsedTime } from '#components/time/duration.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { Td, Tr } from '#components/ui/table.tsx';
import type { RunSummary } from '#core/runs/summary.ts';
import { NextAttempt } from './next-attempt.tsx';
import { TestChip } from './test-chip.tsx';
import type { RunColumn } from './run-list-address.ts';

/** One run: when, how it ended, of which job. The row opens the run, the job's name its job. */
export const RunRow = memo(function RunRow({
  run,
  columns,
  hasSeconds,
  isCursor,
  isSelected,
  isChoosing,
  onSelect,
}: {
  run: RunSummary;
  columns: readonly RunColumn[];
  /** Some run of the list is due between two whole minutes. */
  hasSeconds: boolean;
  isCursor: boolean;
  isSelected: boolean;
  /** On the phone the boxes show only while one chooses. */
  isChoosing: boolean;
  onSelect: (id: number, isRange: boolean) => void;
}) {
  const t = useTranslations('runs');
  const format = useFormatter();
  return (
    <Tr data-row={run.id} isCursor={isCursor} isSelected={isSelected} className="relative">
      <Td
        className={cn(
          'overflow-visible',
          isChoosing && 'phone:col-start-1 phone:row-start-2 phone:block!',
        )}
      >
        <Checkbox
          aria-label={t('select', { id: run.id })}
          checked={isSelected}
          onClick={(event) => onSelect(run.id, event.shiftKey)}
          className="z-1"
        />
      </Td>
      <Td phone="first-end" className="phone:text-meta! phone:leading-6 phone:text-ink-3">
        <DueTime at={run.scheduledFor} hasSeconds={hasSeconds} />
      </Td>
      <Td phone="glyph">
        <StateWord state={run.state} className="align-bottom phone:hidden" />
        <StateGlyph state={run.state} className="desk:hidden" />
      </Td>
      <Td phone="first" className="font-mono">
        <Link
          href={run.isJobDeleted ? `/runs?job=${run.jobKey}` : `/jobs/${run.jobKey}`}
          className="relative z-1 hover:underline phone:pointer-events-none"
        >
          <MiddleEllipsis text={run.jobKey} />
        </Link>{' '}
        <TestChip trigger={run.trigger} className="font-sans" />
        {run.isOnTrial && (
          <LabelChip className="font-sans">{t('onTrial', { revision: run.revision })}</LabelChip>
        )}
      </Td>
      <Td numeric className="pr-6 text-ink-2 max-[72rem]:pr-4">
        <Link
          href={`/runs/${run.id}`}
          data-row-link
          className="after:absolute after:inset-0 hover:underline focus-visible:-outline-offset-2"
        >
          {format.number(run.id)}
        </Link>
      </Td>
      {columns.map((column) => (
        <ColumnCell key={column} column={column} run={run} />
      ))}
      {/* The phone's second line, whichever columns show. */}
      <Td phone="second" className="desk:hidden">
        <StateWord state={run.state} className="[&>svg]:hidden" />
        <PhoneCause run={run} />
      </Td>
      <Td phone="second-end" className="desk:hidden">
        <Took run={run} />
      </Td>
    </Tr>
  );
});

function ColumnCell({ column, run }: { column: RunColumn; run: RunSummary }) {
  const t = useTranslations('runs');
  switch (column) {
    case 'took':
      return (
        <Td numeric className="pr-6 max-[72rem]:pr-4">
          <Took run={run} />
        </Td>
      );
    case 'attempts':
      return (
        <Td numeric className="pr-6 text-ink-2 max-[72rem]:hidden">
          {run.attempts > 0 && run.attempts}
        </Td>
      );
    case 'why':
      return (
        <Td className="text-ink-2">{t(`why.${run.trigger}`, { by: run.requestedBy ?? '' })}</Td>
      );
    case 'revision':
      return (
        <Td numeric className="pr-6 text-ink-2 max-[72rem]:pr-4">
          {run.revision}
        </Td>
      );
    case 'queue':
      return <Td className="text-ink-2">{run.queue}</Td>;
    case 'worker':
      return <Td className="text-ink-2">{run.worker?.name}</Td>;
    case 'cause':
      return (
        <Td className="text-ink-2">
          <Cause run={run} />
        </Td>
      );
  }
}

/** "Sat 21 Nov  02:30" */
function DueTime({ at, hasSeconds }: { at: string; hasSeconds: boolean }) {
  const words = useTimeWords();
  const clock = useClock();
  const day = words.absolute(Date.parse(at), clock.atFirst, 'day');
  const isToday = day === words.absolute(clock.atFirst, clock.atFirst, 'day');
  return (
    <>
      <span
        className={cn(
          'mr-2 inline-block min-w-20 text-ink-3 phone:hidden',
          isToday && 'max-[72rem]:hidden',
        )}
        suppressHydrationWarning
      >
        {day}
      </span>
      <span className="phone:hidden">
        <AbsoluteTime at={at} form={hasSeconds ? 'seconds' : 'time'} />
      </span>
      <RelativeTime at={at} className="desk:hidden" />
    </>
  );
}

function Took({ run }: { run: RunSummary }) {
  if (run.state === 'running' && run.startedAt) return <ElapsedTime since={run.startedAt} />;
  return run.durationMs === null ? null : <Duration ms={run.durationMs} />;
}

/** Why it ended as it did, or what it waits for. */
function Cause({ run }: { run: RunSummary }) {
  const t = useTranslations('runs');
  if (run.state === 'skipped' && run.skipReason) return t(`skipped.${run.skipReason}`);
  if (run.state === 'queued') {
    if (run.isHeld) return t('held');
    return run.attempts > 0 ? <NextAttempt run={run} /> : t('waiting');
  }
  if (run.isCancelRequested) return t('cancelling');
  if (run.cause === null) return run.note;
  const isBad = ['fail', 'time', 'lost'].includes(toneOf[run.state]);
  return (
    <span title={run.cause} className={cn('font-mono text-meta', isBad && 'text-ink')}>
      {run.cause}
    </span>
  );
}

function PhoneCause({ run }: { run: RunSummary }) {
  const hasMore = run.cause !== null || run.state === 'queued' || run.state === 'skipped';
  return (
    hasMore && (
      <>
        {', '}
        <Cause run={run} />
      </>
    )
  );
}
