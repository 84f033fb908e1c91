import type { TickOutcome } from '../runs/outcomes.ts';

/** Which occurrences of a stretch a backfill runs; the CHECK `backfill_rule_known` says the same. */
export const BACKFILL_RULES = ['without_success', 'all', 'pick'] as const;
export type BackfillRule = (typeof BACKFILL_RULES)[number];

/** The CHECK `backfill_state_known` says the same. */
export const BACKFILL_STATES = ['running', 'paused', 'done', 'cancelled'] as const;
export type BackfillState = (typeof BACKFILL_STATES)[number];

/**
 * What became of an occurrence, as far as is known: `before` lies before the job was there, reckoned by its current
 * schedule; of `unrecorded` nothing stands in the ledger, since its history isn't kept so long.
 */
export type OccurrenceOutcome = TickOutcome | 'before' | 'unrecorded';

export type Occurrence = {
  /** Epoch ms. */
  ms: number;
  outcome: OccurrenceOutcome;
  /** Its own run. */
  runId: number | null;
  /** It succeeded, a run that stands for it did, or a later run covered it. */
  hasSuccess: boolean;
  /** Its run, or one that stands for it, has yet to end or to be planned. */
  isToCome: boolean;
  /** The backfill that asks has made a run for it already. */
  isOwn: boolean;
};

/** Whether a backfill runs an occurrence; of those that were picked it runs each. */
export function isChosen(rule: BackfillRule, occurrence: Occurrence): boolean {
  if (occurrence.isOwn) return false;
  return rule !== 'without_success' || !(occurrence.hasSuccess || occurrence.isToCome);
}
