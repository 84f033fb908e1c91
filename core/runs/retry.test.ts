import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RETRY_ANSWERS, RetryRule } from '../jobs/retry-rule.ts';
import { decideRetry, type EarlierAttempt, MOST_LOSSES, type RetryFacts } from './retry.ts';

const start = new Date('2026-03-01T02:30:00Z');
const now = new Date('2026-03-01T02:30:10Z');
const rule = (given: Partial<RetryRule>) => RetryRule.parse(given);
const facts = (given: Partial<RetryFacts> = {}): RetryFacts => ({
  outcome: 'failed',
  startedAt: start,
  earlier: [],
  mayRunTwice: false,
  losses: 0,
  ...given,
});
const earlier = (given: Partial<EarlierAttempt> = {}): EarlierAttempt => ({
  outcome: 'failed',
  startedAt: start,
  retryRule: 'backoff',
  ...given,
});
const delayOf = (decision: ReturnType<typeof decideRetry>) =>
  decision.again ? decision.retryAt.getTime() - now.getTime() : null;

describe('decideRetry', () => {
  it('tries nothing again by default', () => {
    expect(decideRetry(rule({}), facts(), now, 0.5)).toEqual({ again: false, why: 'no_rule' });
  });

  it('waits the fixed delay until the attempts are used up', () => {
    const fixed = rule({ backoff: 'fixed', delayMs: 5_000, maxAttempts: 2 });
    expect(delayOf(decideRetry(fixed, facts(), now, 0.9))).toBe(5_000);
    expect(decideRetry(fixed, facts({ earlier: [earlier()] }), now, 0.9)).toEqual({
      again: false,
      why: 'used_up',
    });
  });

  it('doubles the upper bound of the exponential delay, with full jitter', () => {
    const exponential = rule({ backoff: 'exponential', delayMs: 1_000, maxAttempts: 10 });
    const third = facts({ earlier: [earlier(), earlier()] });
    expect(delayOf(decideRetry(exponential, third, now, 0))).toBe(0);
    expect(delayOf(decideRetry(exponential, third, now, 0.5))).toBe(2_000);
    expect(delayOf(decideRetry(exponential, third, now, 0.999))).toBe(3_996);
  });

  it('lets the first rule that fits the cause decide', () => {
    const byCause = rule({
      backoff: 'fixed',
      maxAttempts: 5,
      byCause: [
        { cause: 'exit_code', codes: '1, 75-78', answer: 'never' },
        { cause: 'output', word: 'deadlock', answer: 'once' },
        { cause: 'timed_out', answer: 'three_at_once' },
      ],
    });
    const wordsSeen = new Set(['deadlock']);
    expect(decideRetry(byCause, facts({ exitCode: 76, wordsSeen }), now, 0)).toEqual({
      again: false,
      why: 'never',
    });
    expect(decideRetry(byCause, facts({ exitCode: 2, wordsSeen }), now, 0)).toMatchObject({
      retryAt: now,
      rule: 'output “deadlock”: once',
    });
    expect(decideRetry(byCause, facts({ outcome: 'timed_out' }), now, 0)).toMatchObject({
      retryAt: now,
      rule: 'timed_out: three_at_once',
    });
    expect(decideRetry(byCause, facts({ exitCode: 79 }), now, 0)).toMatchObject({
      rule: 'backoff',
    });
  });

  it.each([
    ['once', 1],
    ['three_at_once', 3],
  ] as const)('answers %s as often as it says, whatever maxAttempts is', (answer, most) => {
    const atOnce = rule({ maxAttempts: 1, byCause: [{ cause: 'connection_error', answer }] });
    const failed = (times: number) =>
      facts({
        failure: 'connection_error',
        earlier: Array.from({ length: times }, () =>
          earlier({ retryRule: `connection_error: ${answer}` }),
        ),
      });
    expect(decideRetry(atOnce, failed(most - 1), now, 0).again).toBe(true);
    expect(decideRetry(atOnce, failed(most), now, 0)).toEqual({ again: false, why: 'used_up' });
  });

  it('starts no attempt later than withinMs after the first', () => {
    const bounded = rule({
      backoff: 'fixed',
      delayMs: 5_000,
      maxAttempts: 9,
      withinMs: 15_000,
    });
    expect(delayOf(decideRetry(bounded, facts(), now, 0))).toBe(5_000);
    const slower = { ...bounded, delayMs: 5_001 };
    expect(decideRetry(slower, facts(), now, 0)).toEqual({ again: false, why: 'too_late' });
  });

  it('respects Retry-After, for a day at most', () => {
    const fixed = rule({ backoff: 'fixed', delayMs: 5_000, maxAttempts: 2 });
    const after = (retryAfterMs: number) => decideRetry(fixed, facts({ retryAfterMs }), now, 0);
    expect(delayOf(after(1_000))).toBe(5_000);
    expect(delayOf(after(60_000))).toBe(60_000);
    expect(delayOf(after(1e12))).toBe(86_400_000);
    expect(delayOf(after(Number.NaN))).toBe(5_000);
  });

  describe('a lost attempt (rule 4)', () => {
    const lost = (given: Partial<RetryFacts>) =>
      facts({ outcome: 'lost', mayRunTwice: true, losses: 1, ...given });

    it('is never tried again where the job may not run twice, whatever its rules say', () => {
      for (const answer of RETRY_ANSWERS) {
        const eager = rule({
          backoff: 'fixed',
          maxAttempts: 9,
          byCause: [{ cause: 'lost', answer }],
        });
        expect(decideRetry(eager, lost({ mayRunTwice: false }), now, 0)).toEqual({
          again: false,
          why: 'not_twice',
        });
      }
    });

    it('is tried again at once where it may, until it was lost three times in a row', () => {
      expect(decideRetry(rule({}), lost({ losses: MOST_LOSSES - 1 }), now, 0)).toEqual({
        again: true,
        retryAt: now,
        rule: 'lost: may run twice',
      });
      expect(decideRetry(rule({}), lost({ losses: MOST_LOSSES }), now, 0)).toEqual({
        again: false,
        why: 'losses',
      });
    });

    it('obeys a rule of the job’s own', () => {
      const never = rule({ byCause: [{ cause: 'lost', answer: 'never' }] });
      expect(decideRetry(never, lost({}), now, 0)).toEqual({ again: false, why: 'never' });
    });

    it('isn’t counted against the attempts', () => {
      const fixed = rule({ backoff: 'fixed', delayMs: 5_000, maxAttempts: 2 });
      const losses = [earlier({ outcome: 'lost' }), earlier({ outcome: 'lost' })];
      expect(decideRetry(fixed, facts({ earlier: losses }), now, 0).again).toBe(true);
    });
  });

  it('never exceeds its bounds, whatever the rule and the past (property)', () => {
    const rules = fc.record({
      backoff: fc.constantFrom('none', 'fixed', 'exponential' as const),
      maxAttempts: fc.integer({ min: 1, max: 100 }),
      delayMs: fc.integer({ min: 0, max: 86_400_000 }),
      maxDelayMs: fc.integer({ min: 0, max: 86_400_000 }),
      withinMs: fc.option(fc.integer({ min: 1_000, max: 604_800_000 })),
      byCause: fc.array(
        fc.oneof(
          fc.record({
            cause: fc.constantFrom('timed_out', 'lost', 'connection_error' as const),
            answer: fc.constantFrom(...RETRY_ANSWERS),
          }),
          fc.record({
            cause: fc.constant('exit_code' as const),
            codes: fc.constantFrom('1', '0-255', '2, 5-9'),
            answer: fc.constantFrom(...RETRY_ANSWERS),
          }),
        ),
        { maxLength: 5 },
      ),
    });
    const ways = fc.record({
      outcome: fc.constantFrom('failed', 'timed_out', 'lost' as const),
      exitCode: fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined }),
      mayRunTwice: fc.boolean(),
      retryAfterMs: fc.option(fc.integer({ min: -1, max: 1e9 }), { nil: undefined }),
      random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    });
    fc.assert(
      fc.property(rules, fc.array(ways, { maxLength: 130, minLength: 130 }), (given, endings) => {
        const parsed = RetryRule.parse(given);
        const past: EarlierAttempt[] = [];
        let at = start;
        let losses = 0;
        for (const { random, ...ending } of endings) {
          losses = ending.outcome === 'lost' ? losses + 1 : 0;
          const decision = decideRetry(
            parsed,
            { ...ending, startedAt: at, earlier: past, losses },
            at,
            random,
          );
          if (ending.outcome === 'lost' && !ending.mayRunTwice) expect(decision.again).toBe(false);
          if (losses >= MOST_LOSSES) expect(decision.again).toBe(false);
          if (!decision.again) continue;
          expect(decision.retryAt.getTime()).toBeGreaterThanOrEqual(at.getTime());
          const waitsMs = decision.retryAt.getTime() - at.getTime();
          expect(waitsMs).toBeLessThanOrEqual(86_400_000);
          if (parsed.withinMs !== null) {
            expect(decision.retryAt.getTime()).toBeLessThanOrEqual(
              start.getTime() + parsed.withinMs,
            );
          }
          if (decision.rule.endsWith('backoff') && parsed.backoff !== 'none') {
            const counted = [...past, ending].filter(({ outcome }) => outcome !== 'lost').length;
            expect(counted).toBeLessThan(parsed.maxAttempts);
          }
          past.push({ outcome: ending.outcome, startedAt: at, retryRule: decision.rule });
          at = decision.retryAt;
        }
      }),
      { numRuns: 60 },
    );
  });
});
