import { includesCode } from '../jobs/codes.ts';
import type { CauseRule, RetryRule } from '../jobs/retry-rule.ts';
import type { AttemptOutcome } from './states.ts';

/** An attempt of the run that ended before this one. */
export type EarlierAttempt = {
  outcome: AttemptOutcome;
  startedAt: Date;
  /** The words of the rule that sent the run back, as `decideRetry` gave them. */
  retryRule: string | null;
};

/** How the attempt ended, and all that a retry rule may ask about it. */
export type RetryFacts = {
  outcome: 'failed' | 'timed_out' | 'lost';
  failure?: 'exit_code' | 'http_status' | 'connection_error' | 'refused' | undefined;
  exitCode?: number | undefined;
  httpStatus?: number | undefined;
  /** From the answer's Retry-After: no attempt starts sooner. */
  retryAfterMs?: number | undefined;
  wordsSeen?: ReadonlySet<string> | undefined;
  startedAt: Date;
  earlier: readonly EarlierAttempt[];
  mayRunTwice: boolean;
  /** Losses in a row, this attempt included when it was lost. */
  losses: number;
};

export type RetryDecision =
  | { again: true; retryAt: Date; rule: string }
  | {
      again: false;
      why: 'no_rule' | 'never' | 'used_up' | 'too_late' | 'not_twice' | 'losses' | 'test';
    };

/** After so many losses in a row a job is taken to be what kills its workers. */
export const MOST_LOSSES = 3;

const MOST_RETRY_AFTER_MS = 86_400_000;

/**
 * Decides whether an attempt that ended badly is followed by another, and when.
 *
 * A lost attempt is not counted against `maxAttempts`: the job did nothing wrong. It is followed by another at once
 * where the job may run twice, until it was lost three times in a row, unless a rule for `lost` says otherwise.
 *
 * @param random in [0, 1), for the jitter
 */
export function decideRetry(
  rule: RetryRule,
  facts: RetryFacts,
  now: Date,
  random: number,
): RetryDecision {
  if (facts.outcome === 'lost') {
    if (!facts.mayRunTwice) return { again: false, why: 'not_twice' };
    if (facts.losses >= MOST_LOSSES) return { again: false, why: 'losses' };
  }
  const fitting = rule.byCause.find((candidate) => fits(candidate, facts));
  const decision = answerOf(rule, fitting, facts, random);
  if (!decision.again) return decision;

  const askedMs = notBeforeMs(facts);
  const delayMs = Math.max(decision.delayMs, askedMs);
  const retryAt = new Date(now.getTime() + delayMs);
  if (rule.withinMs !== null && retryAt.getTime() > firstStart(facts) + rule.withinMs) {
    return { again: false, why: 'too_late' };
  }
  const words = askedMs > decision.delayMs ? decision.rule + RETRY_AFTER : decision.rule;
  return { again: true, retryAt, rule: words };
}

/** Ends a rule's words where the answer asked for a longer wait than the rule. */
export const RETRY_AFTER = ', Retry-After';

type Delay = { again: true; delayMs: number; rule: string };

function answerOf(
  rule: RetryRule,
  fitting: CauseRule | undefined,
  facts: RetryFacts,
  random: number,
): Delay | Extract<RetryDecision, { again: false }> {
  if (!fitting) {
    return facts.outcome === 'lost'
      ? { again: true, delayMs: 0, rule: 'lost: may run twice' }
      : byBackoff(rule, facts, random, 'backoff');
  }
  const words = wordsOf(fitting);
  switch (fitting.answer) {
    case 'never':
      return { again: false, why: 'never' };
    case 'once':
      return atOnce(1, words, facts);
    case 'three_at_once':
      return atOnce(3, words, facts);
    case 'backoff':
      return byBackoff(rule, facts, random, words);
  }
}

/** The answers "at once" carry their own bound: how often this very rule has sent the run back. */
function atOnce(most: number, words: string, { earlier }: RetryFacts) {
  const isThis = (used: string | null) => used === words || used === words + RETRY_AFTER;
  const used = earlier.filter(({ retryRule }) => isThis(retryRule)).length;
  return used < most
    ? ({ again: true, delayMs: 0, rule: words } as const)
    : ({ again: false, why: 'used_up' } as const);
}

function byBackoff(rule: RetryRule, facts: RetryFacts, random: number, words: string) {
  if (rule.backoff === 'none') return { again: false, why: 'no_rule' } as const;
  const attempts = [facts, ...facts.earlier].filter(({ outcome }) => outcome !== 'lost').length;
  if (attempts >= rule.maxAttempts) return { again: false, why: 'used_up' } as const;
  return { again: true, delayMs: backoffMs(rule, attempts, random), rule: words } as const;
}

/** Full jitter: anywhere between nothing and the doubled delay, so that jobs that failed together don't return together. */
function backoffMs(rule: RetryRule, attempts: number, random: number): number {
  if (rule.backoff === 'fixed') return rule.delayMs;
  const doublings = Math.min(Math.max(attempts, 1) - 1, 40);
  return Math.round(random * Math.min(rule.maxDelayMs, rule.delayMs * 2 ** doublings));
}

function notBeforeMs({ retryAfterMs }: RetryFacts): number {
  if (retryAfterMs === undefined || !Number.isFinite(retryAfterMs)) return 0;
  return Math.min(Math.max(retryAfterMs, 0), MOST_RETRY_AFTER_MS);
}

function firstStart({ startedAt, earlier }: RetryFacts): number {
  return Math.min(startedAt.getTime(), ...earlier.map((attempt) => attempt.startedAt.getTime()));
}

function fits(rule: CauseRule, facts: RetryFacts): boolean {
  switch (rule.cause) {
    case 'exit_code':
      return facts.outcome === 'failed' && includesCode(rule.codes, facts.exitCode);
    case 'http_status':
      return facts.outcome === 'failed' && includesCode(rule.codes, facts.httpStatus);
    case 'connection_error':
      return facts.outcome === 'failed' && facts.failure === 'connection_error';
    case 'timed_out':
    case 'lost':
      return facts.outcome === rule.cause;
    case 'output':
      return facts.outcome !== 'lost' && facts.wordsSeen?.has(rule.word) === true;
  }
}

function wordsOf(rule: CauseRule): string {
  switch (rule.cause) {
    case 'exit_code':
    case 'http_status':
      return `${rule.cause} ${rule.codes}: ${rule.answer}`;
    case 'output':
      return `output “${rule.word}”: ${rule.answer}`;
    case 'connection_error':
    case 'timed_out':
    case 'lost':
      return `${rule.cause}: ${rule.answer}`;
  }
}
