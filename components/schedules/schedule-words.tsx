'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { Suspense, use, useMemo, type ReactNode } from 'react';
import type { ScheduleDescription } from '#core/schedules/description.ts';
import { createScheduleWords } from './words.ts';

type ScheduleWordsProps = {
  schedule: ScheduleDescription;
  /** What is made of the words, where they aren't shown by themselves. */
  children?: (words: string) => ReactNode;
};

/**
 * A schedule in the reader's language. The words for a line without a short form weigh as much as a screen: such a
 * line comes in words from the server, and as it was written until its words are here where the browser draws it first.
 */
export function ScheduleWords({ schedule, children = asTheyAre }: ScheduleWordsProps) {
  const tell = useTellSchedule();
  const written = children(tell(schedule, asWritten));
  if (!hasLine(schedule)) return written;
  return (
    <Suspense fallback={written}>
      <WordsWithLine schedule={schedule}>{children}</WordsWithLine>
    </Suspense>
  );
}

function WordsWithLine({ schedule, children }: Required<ScheduleWordsProps>) {
  const tell = useTellSchedule();
  const tellLine = use(lineWords(useLocale()));
  return children(tell(schedule, tellLine));
}

function useTellSchedule() {
  const t = useTranslations('schedules');
  const locale = useLocale();
  const format = useFormatter();
  return useMemo(
    () => createScheduleWords(t, locale, (items) => format.list(items)),
    [t, locale, format],
  );
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
const asWritten = (line: string): string => line;

const loading = new Map<string, Promise<(line: string) => string>>();

/** Asked for once: where it doesn't come, lines stay as they are written until the page is loaded anew. */
function lineWords(locale: string): Promise<(line: string) => string> {
  let words = loading.get(locale);
  if (!words) {
    words = import('#core/schedules/line-words.ts')
      .then(({ lineWordsIn }) => lineWordsIn(locale))
      .catch(() => asWritten);
    loading.set(locale, words);
  }
  return words;
}
