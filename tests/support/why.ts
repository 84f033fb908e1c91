import { createTranslator } from 'use-intl/core';
import { createTimeWords } from '#core/time/words.ts';
import { readWhy } from '#core/why/read-why.ts';
import type { CauseKey } from '#core/why/causes.ts';
import type { Why } from '#core/why/why.ts';
import { createWhyWords } from '#core/why/words.ts';
import time from '../../messages/en/time.json' with { type: 'json' };
import why from '../../messages/en/why.json' with { type: 'json' };
import { valueOf } from './outcomes.ts';
import { viewer } from './web.ts';

const locale = 'en';
const timeWords = createTimeWords(
  createTranslator({ locale, timeZone: 'UTC', messages: { time }, namespace: 'time' }),
  locale,
  'UTC',
);
const t = createTranslator({ locale, timeZone: 'UTC', messages: { why }, namespace: 'why' });
const words = createWhyWords(
  // Numbers hold on to their units with a space that doesn't break; a test is written with the usual one.
  (key, values) => t(key, values).replaceAll('\u00a0', ' '),
  timeWords,
  (listed) => new Intl.ListFormat('en').format(listed),
);

/** An answer with its words, as a reader gets them. */
export type ToldWhy = {
  why: Why;
  /** Of all causes, in order of weight. */
  keys: CauseKey[];
  /** The answer: the sentence of the heaviest cause. */
  sentence: string;
  sentenceOf(key: CauseKey): string | undefined;
  /** Label and text of the evidence of a cause. */
  evidenceOf(key: CauseKey): string[];
  actionsOf(key: CauseKey): string[];
  fine: string[];
};

/** Asks as somebody who may only look, and words the answer in English and UTC. */
export async function whyOf(asked: string | number): Promise<ToldWhy> {
  const answer = valueOf(
    await readWhy(viewer, typeof asked === 'string' ? { key: asked } : { runId: asked }),
  );
  return tell(answer);
}

export function tell(answer: Why): ToldWhy {
  const nowMs = Date.parse(answer.at);
  const find = (key: CauseKey) => answer.causes.find((cause) => cause.key === key);
  return {
    why: answer,
    keys: answer.causes.map(({ key }) => key),
    sentence: words.sentence(answer.causes[0], nowMs),
    sentenceOf: (key) => {
      const cause = find(key);
      return cause && words.sentence(cause, nowMs);
    },
    evidenceOf: (key) =>
      (find(key)?.evidence ?? []).map((fact) => {
        const { label, text } = words.evidence(fact, nowMs);
        return `${label}: ${text}`;
      }),
    actionsOf: (key) => (find(key)?.actions ?? []).map((action) => words.action(action, nowMs)),
    fine: answer.fine.map((fact) => {
      const { label, text } = words.fine(fact, nowMs);
      return `${label}: ${text}`;
    }),
  };
}
