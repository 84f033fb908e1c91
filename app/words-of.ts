import { createHash } from 'node:crypto';
import en from '../messages/en/index.ts';

export const messagesOf = { en } as const;

/** A language that the console speaks. */
export type AppLocale = keyof typeof messagesOf;

type Words = {
  /** All messages, as JSON. */
  text: string;
  /** Names what is in it, so that browsers may keep it for good. */
  address: string;
};

const known = new Map<AppLocale, Words>();

/** What a page asks for once, instead of carrying it: 185 kB, 54 kB as they are sent. */
export function wordsOf(locale: AppLocale): Words {
  const words = known.get(locale) ?? made(locale);
  known.set(locale, words);
  return words;
}

export const isAppLocale = (name: string | undefined): name is AppLocale =>
  name !== undefined && Object.hasOwn(messagesOf, name);

function made(locale: AppLocale): Words {
  const text = JSON.stringify(messagesOf[locale]);
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { text, address: `/words/${locale}-${mark}.json` };
}
