'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import type { LedgerCounts } from '#core/jobs/ledger-counts.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import type { ShownState } from '#components/state/state.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ledgerCountsQuery, type JobName } from './job-queries.ts';

type Part =
  | 'ran'
  | 'skipped'
  | 'cancelled'
  | 'covered'
  | 'paused'
  | 'missed'
  | 'blackout'
  | 'held'
  | 'waiting';

const glyphs: Readonly<Record<Part, ShownState>> = {
  ran: 'succeeded',
  skipped: 'skipped',
  cancelled: 'cancelled',
  covered: 'skipped',
  paused: 'gap',
  missed: 'gap',
  blackout: 'gap',
  held: 'queued',
  waiting: 'queued',
};
const parts = Object.keys(glyphs) as Part[];

/** Every tick accounted for: what the schedule should have fired is the sum of what became of it. */
export function LedgerSum({
  name,
  from,
  to,
  isOpen,
  onToggle,
}: {
  name: JobName;
  from: string;
  to: string | undefined;
  /** Whether the sums by hour, day or month show below. */
  isOpen: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations('job');
  const ledger = useTranslations('ledger');
  const words = useTimeWords();
  const format = useFormatter();
  const clock = useClock();
  const counts = useQuery(ledgerCountsQuery(name, { from, ...(to !== undefined && { to }) }));
  if (counts.isError && !counts.data) return null;
  if (!counts.data) return <Skeleton className="my-1 h-3.5 w-96" />;
  const { data } = counts;
  const day = (at: string) => words.absolute(Date.parse(at), clock.atFirst);
  const shown = parts.filter((part) => part === 'ran' || data[part] > 0);
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-table text-ink-2 [&_b]:font-semibold [&_b]:text-ink"
    >
      <span suppressHydrationWarning>
        {t.rich('expected', {
          from: day(data.from),
          hasEnd: String(to !== undefined),
          to: day(data.to),
          count: data.expected,
          b: (number) => <b>{number}</b>,
        })}
      </span>
      {shown.map((part, index) => (
        <span key={part} className="inline-flex items-center gap-2">
          <span className="text-ink-3">{index === 0 ? '=' : '+'}</span>
          <StateGlyph state={glyphs[part]} />
          {t(`sum.${part}`)} <b>{format.number(data[part])}</b>
        </span>
      ))}
      <SumMark counts={data} />
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="text-accent hover:underline"
      >
        {ledger(isOpen ? 'jobSumsHide' : 'jobSums')}
      </button>
      <TextLink
        href={`/jobs/${name.key}/backfill?${new URLSearchParams({ from, ...(to !== undefined && { to }) })}`}
      >
        {t('backfill')}
      </TextLink>
    </p>
  );
}

function SumMark({ counts }: { counts: LedgerCounts }) {
  const t = useTranslations('job');
  if (counts.isEven) {
    return <Check aria-label={t('sumIsEven')} className="size-3.5 text-ok-ink" />;
  }
  const told = parts.reduce((sum, part) => sum + counts[part], 0);
  return (
    <span className="inline-flex items-center gap-1 font-medium text-fail-ink">
      <X aria-hidden className="size-3.5" />
      {t('sumIsOff', { count: Math.abs(counts.expected - told) })}
    </span>
  );
}
