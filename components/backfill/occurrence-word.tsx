'use client';

import { useTranslations } from 'next-intl';
import type { OccurrenceOutcome } from '#core/backfill/words.ts';
import { StateWord } from '#components/state/state-word.tsx';
import type { ShownState } from '#components/state/state.ts';

/** What became of an occurrence: shape, colour and word. */
export function OccurrenceWord({ outcome }: { outcome: OccurrenceOutcome }) {
  const t = useTranslations('backfill.outcome');
  return <StateWord state={glyphOf(outcome)} word={t(outcome)} />;
}

export function glyphOf(outcome: OccurrenceOutcome): ShownState {
  switch (outcome) {
    case 'succeeded':
    case 'failed':
    case 'timed_out':
    case 'lost':
    case 'running':
    case 'queued':
      return outcome;
    case 'retrying':
    case 'unplanned':
    case 'held: paused':
    case 'held: blackout':
      return 'queued';
    case 'cancelled, started':
    case 'cancelled, not started':
      return 'cancelled';
    case 'before':
    case 'unrecorded':
      return 'planned';
    default:
      return outcome.startsWith('gap') ? 'gap' : 'skipped';
  }
}
