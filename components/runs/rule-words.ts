import { RETRY_AFTER } from '#core/runs/retry.ts';

/** What sent a run back, taken apart so that it can be put into words of any language. */
export type RuleParts = {
  cause:
    'backoff' | 'exit_code' | 'http_status' | 'connection_error' | 'timed_out' | 'lost' | 'output';
  /** Exit codes, statuses, or the word in the output. */
  detail: string;
  /** The answer asked for a longer wait than the rule. */
  isRetryAfter: boolean;
};

const RULE = /^(exit_code|http_status|connection_error|timed_out|lost|output)(?: (.+))?: \w[\w ]*$/;

/** Reads the words that core/runs/retry.ts wrote; null for words that it wouldn't write today. */
export function readRule(words: string): RuleParts | null {
  const isRetryAfter = words.endsWith(RETRY_AFTER);
  const rule = isRetryAfter ? words.slice(0, -RETRY_AFTER.length) : words;
  if (rule === 'backoff') return { cause: 'backoff', detail: '', isRetryAfter };
  const match = RULE.exec(rule);
  if (!match) return null;
  return { cause: match[1] as RuleParts['cause'], detail: match[2] ?? '', isRetryAfter };
}
