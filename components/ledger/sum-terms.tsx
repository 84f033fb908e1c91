'use client';

import { Check } from 'lucide-react';
import { useFormatter } from 'next-intl';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import type { ShownState } from '#components/state/state.ts';

const glyphs = {
  ran: 'succeeded',
  skipped: 'skipped',
  cancelled: 'cancelled',
  covered: 'skipped',
  paused: 'gap',
  missed: 'gap',
  blackout: 'gap',
  held: 'queued',
  waiting: 'queued',
} as const satisfies Record<string, ShownState>;

/** What became of ticks, as far as a sum tells it apart. */
export type SumPart = keyof typeof glyphs;
const parts = Object.keys(glyphs) as SumPart[];

export type CountsOfSum = Readonly<Record<SumPart, number>>;

/** "= ● ran 27 + – skipped 1 …": the parts that there are, and those that always show. */
export function SumTerms({
  counts,
  always,
  wordOf,
}: {
  counts: CountsOfSum;
  always: readonly SumPart[];
  wordOf: (part: SumPart) => string;
}) {
  const format = useFormatter();
  return parts
    .filter((part) => always.includes(part) || counts[part] > 0)
    .map((part, index) => (
      <span key={part} className="inline-flex items-center gap-2">
        <span className="text-ink-3">{index === 0 ? '=' : '+'}</span>
        <StateGlyph state={glyphs[part]} />
        {wordOf(part)} <b>{format.number(counts[part])}</b>
      </span>
    ));
}

/** Whether it adds up, and in red by how much it doesn't. */
export function SumMark({
  isEven,
  evenLabel,
  offLabel,
}: {
  isEven: boolean;
  evenLabel: string;
  offLabel: string;
}) {
  return isEven ? (
    <Check role="img" aria-label={evenLabel} className="size-3.5 text-ok-ink" />
  ) : (
    <span className="inline-flex items-center gap-1 font-medium text-fail-ink">
      <StateGlyph state="failed" />
      {offLabel}
    </span>
  );
}

export const sumOfParts = (counts: CountsOfSum) =>
  parts.reduce((sum, part) => sum + counts[part], 0);
