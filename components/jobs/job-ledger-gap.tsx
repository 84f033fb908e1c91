'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { LedgerGap } from '#core/jobs/ledger.ts';
import { StateWord } from '#components/state/state-word.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { cn } from '#components/ui/cn.ts';
import { Td, Tr } from '#components/ui/table.tsx';
import { GapCover } from './gap-cover.tsx';
import { Day, phoneRow, place } from './job-ledger-rows.tsx';

// Asked for when somebody opens it, not with the row.
const GapTicks = dynamic(
  () => import('#components/ledger/gap-ticks.tsx').then((file) => file.GapTicks),
  { ssr: false },
);

/** A gap in a table of `columns` columns, and below it its ticks while it is open. */
export function LedgerGapRows({
  gap,
  jobId,
  columns,
  isOpen,
  onToggle,
}: {
  gap: LedgerGap;
  jobId: number;
  columns: number;
  isOpen: boolean;
  onToggle: () => void;
}) {
  return (
    <>
      <GapRow gap={gap} isOpen={isOpen} onToggle={onToggle} />
      {isOpen && (
        <tr className="phone:block">
          <td colSpan={columns} className="border-b border-line p-0 phone:block">
            <GapTicks jobId={jobId} gapId={gap.id} />
          </td>
        </tr>
      )}
    </>
  );
}

/** A stretch whose ticks became no runs: why, by whom, how many, until when. */
function GapRow({
  gap,
  isOpen,
  onToggle,
}: {
  gap: LedgerGap;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations('job');
  const ledger = useTranslations('ledger');
  return (
    <Tr className={cn('text-ink-2', phoneRow)}>
      <Td className={place.tick}>
        <Day at={gap.from} />
        {gap.ticks !== null && t('ticks', { count: gap.ticks })}
      </Td>
      <Td className={place.outcome}>
        <StateWord state="gap" word={t(`gapReason.${gap.reason}`)} className="flex" />
      </Td>
      <Td className={cn('pr-4', place.took)} />
      <Td />
      <Td />
      <Td />
      <Td className={cn(place.note, gap.cover && 'whitespace-normal')}>
        {gap.ticks !== null && gap.ticks > 0 && (
          <button
            type="button"
            aria-expanded={isOpen}
            title={ledger('openGap')}
            onClick={onToggle}
            className="mr-2 text-accent hover:underline phone:py-2"
          >
            {ledger(isOpen ? 'close' : 'open')}
          </button>
        )}
        {t.rich('gapNote', {
          reason: gap.reason,
          hasNote: String(gap.note !== ''),
          note: gap.note,
          by: gap.by,
          isOpen: String(gap.to === null && gap.endsAt === null),
          until: () => <AbsoluteTime at={gap.to ?? gap.endsAt ?? gap.from} />,
        })}
        {gap.cover && <GapCover cover={gap.cover} />}
      </Td>
    </Tr>
  );
}
