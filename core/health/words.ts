import type { TimeWords } from '../time/words.ts';
import type { Unit } from './check.ts';
import { CHECK_NAMES, type CheckName, checkOf } from './checks.ts';
import type { Judged } from './judge.ts';

type Part = 'name' | 'title' | 'well' | 'trouble' | 'unknown' | 'next';
type Translate = (
  key: `check.${CheckName}.${Part}` | 'days' | 'manyDays' | 'otherTitle' | 'otherNext',
  values: Record<string, string | number>,
) => string;

export type HealthWords = ReturnType<typeof createHealthWords>;

const MANY_DAYS = 3_650;

/**
 * Words for checks in one language: for the console, the log, messages and the terminal alike. Nothing that
 * `name`, `title`, `sentence` and `next` say names a worker or a queue, since anybody may read them; `about` does.
 * @param t the translator of the namespace `health`
 */
export function createHealthWords(t: Translate, time: TimeWords, locale: string) {
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const listed = new Intl.ListFormat(locale);

  /** A number of a check, with its unit. */
  const number = (unit: Unit, value: number): string => {
    switch (unit) {
      case 'ms':
        return time.duration(value);
      case 'count':
        return whole.format(value);
      case 'share':
        return shares.format(value);
      case 'bytes':
        return bytes(value);
      case 'days':
        return value >= MANY_DAYS ? t('manyDays', {}) : t('days', { days: Math.floor(value) });
    }
  };
  const bytes = (value: number): string => {
    const step = Math.min(4, Math.floor(Math.log10(Math.max(1, value)) / 3));
    const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const)[step]!;
    const scaled = value / 1_000 ** step;
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      maximumFractionDigits: step > 0 && scaled < 10 ? 1 : 0,
    }).format(scaled);
  };
  const say = (part: Part, { name, value, about }: Judged) =>
    t(`check.${name}.${part}`, {
      value: value === null ? '' : number(checkOf(name).unit, value),
      count: checkOf(name).unit === 'count' ? (value ?? 0) : about.length,
      about: MAY_BE_NAMED.has(name) ? listed.format(about.slice(0, MOST_NAMED)) : '',
    });

  return {
    number,
    bytes,
    /** What the check is called: "Connections in use". */
    name: (name: CheckName) => t(`check.${name}.name`, {}),
    /** A few words for what is wrong: "No worker is alive". */
    title: (judged: Judged) =>
      judged.level === 'bad' && judged.value === null
        ? say('unknown', judged).replace(/\.$/, '')
        : say('title', judged),
    /** How it is, in a sentence. */
    sentence: (judged: Judged) => {
      if (judged.value === null) return say('unknown', judged);
      return say(judged.level === 'well' ? 'well' : 'trouble', judged);
    },
    /** What to do while it is bad. */
    next: (judged: Judged) => say('next', judged),
    /** What a message says of a trouble by its name, which another version may have given. */
    ofTrouble: (trouble: string) => {
      const known = CHECK_NAMES.find((name) => name === trouble);
      if (known === undefined) return { title: t('otherTitle', {}), next: t('otherNext', {}) };
      const bad: Judged = { name: known, level: 'bad', value: 1, about: [trouble] };
      return { title: say('title', bad), next: say('next', bad) };
    },
    /** What it is about, where it names anything: "w-1 and w-2". */
    about: ({ about }: Judged) => listed.format(about.slice(0, MOST_NAMED)),
  };
}

const MOST_NAMED = 5;
/** Their names are Punctual's own, and say nothing of who uses it. */
const MAY_BE_NAMED: ReadonlySet<CheckName> = new Set(['migrations', 'partitions', 'dead_rows']);
