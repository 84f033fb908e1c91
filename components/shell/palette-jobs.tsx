'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CircleQuestionMark } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue } from 'react';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useCommands } from './commands.ts';
import { PaletteGroup, PaletteItem } from './palette-item.tsx';

/** The jobs that the server finds for what was typed. */
export function PaletteJobs({
  typed,
  go,
  close,
}: {
  typed: string;
  go: (href: string) => void;
  close: () => void;
}) {
  const t = useTranslations('shell');
  const why = useTranslations('why');
  const { searchJobs, askWhy } = useCommands();
  // "why nightly" asks about the jobs that "nightly" finds.
  const wanted = useDeferredValue(withoutWord(typed.trim(), why('askWord')));
  const { data, isError, isPending } = useQuery({
    queryKey: ['job', 'palette', wanted],
    queryFn: ({ signal }) => searchJobs?.(wanted, signal) ?? [],
    enabled: searchJobs !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  if (!searchJobs) return null;
  if (isError || isPending) {
    return (
      <p role="status" className="px-2 py-2 text-table text-ink-3">
        {t(isError ? 'paletteJobsFailed' : 'paletteSearching')}
      </p>
    );
  }
  if (data.length === 0) return null;
  return (
    <>
      <PaletteGroup heading={t('paletteJobs')}>
        {data.map((job) => (
          <PaletteItem
            key={job.key}
            value={`job ${job.key}`}
            // The server found it by what was typed, perhaps in its name or labels: the list must not drop it.
            keywords={[job.key, wanted]}
            // In a box of its own: the icons of a list are quiet, a state keeps its colour.
            icon={
              job.state && (
                <span className="flex">
                  <StateGlyph state={job.state} />
                </span>
              )
            }
            hint={job.schedule ? <ScheduleWords schedule={job.schedule} /> : job.hint}
            onSelect={() => go(`/jobs/${job.key}`)}
          >
            <span className="font-mono">{job.key}</span>
          </PaletteItem>
        ))}
      </PaletteGroup>
      {askWhy && typed.trim() !== '' && (
        <PaletteGroup heading={why('group')}>
          {data.slice(0, MOST_ASKED).map(({ key }) => (
            <PaletteItem
              key={key}
              value={`why ${key}`}
              keywords={[why('ask', { key }), typed.trim()]}
              icon={<CircleQuestionMark aria-hidden />}
              onSelect={() => {
                close();
                askWhy(key);
              }}
            >
              {why('ask', { key })}
            </PaletteItem>
          ))}
        </PaletteGroup>
      )}
    </>
  );
}

const MOST_ASKED = 3;

function withoutWord(typed: string, word: string): string {
  const [first, ...rest] = typed.split(/\s+/);
  return first?.toLowerCase() === word ? rest.join(' ') : typed;
}
