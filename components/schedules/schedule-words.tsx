'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { Suspense, use, useMemo, type ReactNode } from 'react';
import type { ScheduleDescription } from '#core/schedules/description.ts';
import { createScheduleWords, type MoreWords } from './words.ts';

type ScheduleWordsProps = {
  schedule: ScheduleDescription;
  /** What is made of the words, where they aren't shown by themselves. */
  children?: (words: string) => ReactNode;
};

/**
 * A schedule in the reader's language. What few schedules say comes with words of its own, and those for a line without a
 * short form weigh as much as a screen: both come in words from the server, and as far as they are known where the
 * browser draws them first.
 */
export function ScheduleWords({ schedule, children = asTheyAre }: ScheduleWordsProps) {
  const { tell } = useWords();
  const inShort = children(tell(withoutLimits(schedule), asWritten));
  if (!needsMore(schedule)) return inShort;
  return (
    <Suspense fallback={inShort}>
      <WordsWithMore schedule={schedule}>{children}</WordsWithMore>
    </Suspense>
  );
}

function WordsWithMore({ schedule, children }: Required<ScheduleWordsProps>) {
  const { tell, t, locale, listed } = useWords();
  const loaded = use(moreWords());
  const line = use(hasLine(schedule) ? lineWords(locale) : LINE_AS_WRITTEN);
  const more = useMemo(
    () => loaded && { line, ...loaded.createMoreWords(t, locale, listed) },
    [line, loaded, t, locale, listed],
  );
  return children(
    more ? tell(schedule, more) : tell(withoutLimits(schedule), { ...asWritten, line }),
  );
}

function useWords() {
  const t = useTranslations('schedules');
  const locale = useLocale();
  const format = useFormatter();
  return useMemo(() => {
    const listed = (items: readonly string[]) => format.list(items);
    return { tell: createScheduleWords(t, locale, listed), t, locale, listed };
  }, [t, locale, format]);
}

function withoutLimits(schedule: ScheduleDescription): ScheduleDescription {
  return schedule.key === 'limited' ? schedule.values.of : schedule;
}

function needsMore(schedule: ScheduleDescription): boolean {
  switch (schedule.key) {
    case 'several':
      return needsMore(schedule.values.first);
    case 'every':
    case 'hourly_at':
    case 'at':
      return schedule.values.days.kind === 'month_places';
    case 'manual':
    case 'dates':
    case 'after_end':
      return false;
    default:
      return true;
  }
}

function hasLine(schedule: ScheduleDescription): boolean {
  switch (schedule.key) {
    case 'several':
      return hasLine(schedule.values.first);
    case 'limited':
      return hasLine(schedule.values.of);
    default:
      return schedule.key === 'line' || schedule.key === 'line_on';
  }
}

const asTheyAre = (words: string): ReactNode => words;
const asWritten: MoreWords = { line: (line) => line, limits: () => '', places: () => '…' };

const LINE_AS_WRITTEN = Promise.resolve(asWritten.line);

let loadingMore: Promise<typeof import('./more-words.ts') | null> | undefined;

/** Asked for once, as the words for lines are. */
function moreWords() {
  loadingMore ??= import('./more-words.ts').catch(() => null);
  return loadingMore;
}

const loading = new Map<string, Promise<(line: string) => string>>();

/** Asked for once: where it doesn't come, lines stay as they are written until the page is loaded anew. */
function lineWords(locale: string): Promise<(line: string) => string> {
  let words = loading.get(locale);
  if (!words) {
    words = import('#core/schedules/line-words.ts')
      .then(({ lineWordsIn }) => lineWordsIn(locale))
      .catch(() => asWritten.line);
    loading.set(locale, words);
  }
  return words;
}
