import type { TimeWords } from '../time/words.ts';
import type { EvidenceKey, WhyAction, WhyEvidence, WhyValue, WhyValues } from './cause.ts';
import type { CauseKey } from './causes.ts';
import type { Cause, FineKey, Why } from './why.ts';

type Translate = (key: WhyMessage, values: Record<string, string | number>) => string;
type WhyMessage =
  | `cause.${CauseKey}.${'title' | 'sentence'}`
  | `evidence.${EvidenceKey}.${'label' | 'text'}`
  | `fine.${FineKey}.${'label' | 'text'}`
  | `action.${WhyAction['key']}`
  | 'starts';

export type WhyWords = ReturnType<typeof createWhyWords>;

/**
 * Words for causes in one language, for the console and for the terminal alike.
 * @param t the translator of the namespace `why`
 * @param listed joins words: "a, b and c"
 */
export function createWhyWords(
  t: Translate,
  time: TimeWords,
  listed: (words: readonly string[]) => string,
) {
  const worded = (values: WhyValues, nowMs: number) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, wordOf(value, nowMs)]));
  const wordOf = (value: WhyValue, nowMs: number): string | number => {
    if (typeof value !== 'object') return value;
    if ('at' in value) return time.absolute(Date.parse(value.at), nowMs);
    if ('ms' in value) return time.duration(value.ms);
    if ('since' in value) return time.elapsed(nowMs - Date.parse(value.since));
    if ('away' in value) return time.relative(Date.parse(value.away), nowMs);
    return listed(value.list);
  };
  return {
    /** A few words, for a heading: "Queue reports is full". */
    title: ({ key, values }: Cause, nowMs: number) =>
      t(`cause.${key}.title`, worded(values, nowMs)),
    /** What is the matter and what comes next, in one or two sentences. */
    sentence: ({ key, values }: Cause, nowMs: number) =>
      t(`cause.${key}.sentence`, worded(values, nowMs)),
    evidence: ({ key, values }: WhyEvidence, nowMs: number) => ({
      label: t(`evidence.${key}.label`, worded(values, nowMs)),
      text: t(`evidence.${key}.text`, worded(values, nowMs)),
    }),
    fine: ({ key, values }: Why['fine'][number], nowMs: number) => ({
      label: t(`fine.${key}.label`, worded(values, nowMs)),
      text: t(`fine.${key}.text`, worded(values, nowMs)),
    }),
    action: ({ key, values }: WhyAction, nowMs: number) =>
      t(`action.${key}`, worded(values, nowMs)),
    /** When it starts if nothing is done; null where nobody knows, or the sentence says it. */
    starts: ({ startsAt, causes: [first] }: Why, nowMs: number) =>
      startsAt === null || first.tone !== 'waits' || first.key === 'retry_waits'
        ? null
        : t('starts', worded({ at: { at: startsAt } }, nowMs)),
  };
}
