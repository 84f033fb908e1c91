import cronstrue from 'cronstrue';
import { readCronLine } from './cron-line.ts';

// Some 10 kB: whoever shows a line imports this file when one is there, which few schedules need.

type Language = { name: string; load: () => Promise<unknown> };

const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['zh-CN', { name: 'zh_CN', load: () => import('cronstrue/locales/zh_CN.js') }],
]);
const ENGLISH: Language = { name: 'en', load: async () => {} };

/**
 * Tells cron lines that have no short form in one language, in the words of cronstrue: "at 00:00, on the last Friday
 * of the month". A line that it has no words for stays as it is written.
 * @param locale as next-intl has it; English for a language that isn't listed
 */
export async function lineWordsIn(locale: string): Promise<(line: string) => string> {
  const { name, load } = LANGUAGES.get(locale) ?? ENGLISH;
  await load();
  return (line) => lineInWords(line, name);
}

function lineInWords(line: string, language: string): string {
  const read = readCronLine(line);
  // What another dialect became marks "and" by a plus.
  const joinedByAnd = read.ok ? read.line.needsBothDays : line.includes(' +');
  try {
    if (namesDaysOfSeveralKinds(line)) return line;
    const words = cronstrue.toString(line.replace(' +', ' ').replaceAll(/#L/gi, 'L'), {
      use24HourTimeFormat: true,
      logicalAndDayFields: joinedByAnd,
      locale: language,
    });
    return words.charAt(0).toLowerCase() + words.slice(1);
  } catch {
    return line;
  }
}

/** Cronstrue tells only the first of `L-3,15`. */
function namesDaysOfSeveralKinds(line: string): boolean {
  return line.split(' ').some((field) => /,/.test(field) && /L-\d|\dW/.test(field));
}
