import { expect, test } from 'vitest';
import { RetryRule } from '#core/jobs/retry-rule.ts';
import { decideRetry, type RetryFacts } from '#core/runs/retry.ts';
import { readRule } from './rule-words.ts';

const now = new Date('2027-03-23T02:30:00Z');
const facts: RetryFacts = {
  outcome: 'failed',
  exitCode: 75,
  startedAt: now,
  mayRunTwice: true,
  losses: 0,
  earlier: [],
};

function ruleOf(rule: Parameters<typeof RetryRule.parse>[0], more: Partial<RetryFacts> = {}) {
  const decision = decideRetry(RetryRule.parse(rule), { ...facts, ...more }, now, 0.5);
  return decision.again ? readRule(decision.rule) : null;
}

test('reads every rule that the worker writes', () => {
  expect(ruleOf({ backoff: 'fixed', maxAttempts: 3 })).toEqual({
    cause: 'backoff',
    detail: '',
    isRetryAfter: false,
  });
  expect(
    ruleOf({ byCause: [{ cause: 'exit_code', codes: '75-78', answer: 'three_at_once' }] }),
  ).toMatchObject({ cause: 'exit_code', detail: '75-78' });
  expect(ruleOf({}, { outcome: 'lost' })).toMatchObject({ cause: 'lost' });
  expect(
    ruleOf(
      { byCause: [{ cause: 'output', word: 'busy: later', answer: 'once' }] },
      { wordsSeen: new Set(['busy: later']) },
    ),
  ).toMatchObject({ cause: 'output', detail: '“busy: later”' });
});

test('tells when the answer asked for a longer wait', () => {
  const rule = { backoff: 'fixed', maxAttempts: 3, delayMs: 1_000 } as const;
  expect(ruleOf(rule, { retryAfterMs: 5_000 })).toMatchObject({ isRetryAfter: true });
  expect(ruleOf(rule, { retryAfterMs: 500 })).toMatchObject({ isRetryAfter: false });
});

test('leaves words alone that it doesn’t know', () => {
  expect(readRule('as the moon says')).toBeNull();
});
