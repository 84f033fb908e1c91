import {
  durationParts,
  elapsedParts,
  formatAbsolute,
  relativeParts,
  type AbsoluteStyle,
  type DurationPart,
} from './format.ts';

type Translate = (key: TimeKey, values?: Record<string, string | number>) => string;
type TimeKey = `unit.${DurationPart['unit']}` | 'future' | 'past' | 'now' | 'two' | 'late';

/** The words for times and lengths in one language and zone. */
export type TimeWords = ReturnType<typeof createTimeWords>;

/**
 * Binds the rules of `format.ts` to a language and the reader's zone.
 * @param t the translator of the namespace `time`
 */
export function createTimeWords(t: Translate, locale: string, timeZone: string) {
  // Made once: a page asks for thousands of numbers, and making a formatter takes some 20 µs.
  const wholes = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const words = (parts: DurationPart[]): string => {
    const [first, second] = parts.map((part) =>
      t(`unit.${part.unit}`, {
        count: part.value,
        number: (part.decimals === 0 ? wholes : tenths).format(part.value),
      }),
    );
    if (first === undefined) return '';
    return second === undefined ? first : t('two', { first, second });
  };
  return {
    timeZone,
    /** A length: "3.2 s", "1 min 12 s", "6 h". */
    duration: (ms: number, precise = false) => words(durationParts(ms, precise)),
    /** How long something has been going on, in whole seconds: "9 s", "1 min 12 s". */
    elapsed: (ms: number) => words(elapsedParts(ms)),
    /** A distance from now: "in 12 min", "7 min ago", "now". */
    relative: (atMs: number, nowMs: number) => {
      const { direction, parts } = relativeParts(atMs, nowMs);
      return direction === 'now' ? t('now') : t(direction, { distance: words(parts) });
    },
    /** How much later than planned something is: "20 min late". */
    late: (dueMs: number, nowMs: number) =>
      t('late', { distance: words(relativeParts(dueMs, nowMs).parts) }),
    /** An instant in the reader's zone. */
    absolute: (atMs: number, nowMs: number, style: AbsoluteStyle = 'short') =>
      formatAbsolute(atMs, style, { locale, timeZone, nowMs }),
  };
}
