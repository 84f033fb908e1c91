import { z } from 'zod';
import { RANGES_RISE, rangesRise } from './ranges.ts';

/** What a rule can answer: no more attempts, one more at once, up to three more at once, or by the backoff. */
export const RETRY_ANSWERS = ['never', 'once', 'three_at_once', 'backoff'] as const;

const CODES = 'List numbers and ranges, for example 1, 75-78.';
const Codes = z
  .string()
  .trim()
  .max(200)
  .regex(/^\d+(\s*-\s*\d+)?(\s*,\s*\d+(\s*-\s*\d+)?)*$/, CODES)
  .refine(rangesRise, RANGES_RISE);
const answer = z.enum(RETRY_ANSWERS);

const CauseRule = z.discriminatedUnion('cause', [
  z.object({ cause: z.literal('exit_code'), codes: Codes, answer }),
  z.object({ cause: z.literal('http_status'), codes: Codes, answer }),
  z.object({ cause: z.literal('connection_error'), answer }),
  z.object({ cause: z.literal('timed_out'), answer }),
  z.object({ cause: z.literal('lost'), answer }),
  // A plain word, never a pattern: no text from a person runs in a backtracking engine.
  z.object({
    cause: z.literal('output'),
    word: z.string().min(1, 'Say which word in the output.').max(200),
    answer,
  }),
]);
export type CauseRule = z.output<typeof CauseRule>;

const delayMs = z
  .int()
  .min(0, 'A delay is at least 0.')
  .max(86_400_000, 'A delay is at most 1 day.');

/** When an attempt that ended badly is followed by another. The first rule in `byCause` that fits decides. */
export const RetryRule = z.object({
  backoff: z.enum(['none', 'fixed', 'exponential']).default('none'),
  /** Attempts in all, the first one included. */
  maxAttempts: z
    .int()
    .min(1, 'There is at least 1 attempt.')
    .max(100, 'There are at most 100 attempts.')
    .default(1),
  delayMs: delayMs.default(10_000),
  /** Upper bound of the exponential delay. */
  maxDelayMs: delayMs.default(3_600_000),
  /** No attempt starts later than this after the first one did; null: no bound. */
  withinMs: z
    .int()
    .min(1_000)
    .max(7 * 86_400_000)
    .nullable()
    .default(null),
  byCause: z.array(CauseRule).max(20, 'There are at most 20 rules.').default([]),
});
export type RetryRule = z.output<typeof RetryRule>;
