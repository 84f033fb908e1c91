'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { BackfillPreview as Preview, ShownOccurrence } from '#core/backfill/preview.ts';
import type { OccurrenceOutcome } from '#core/backfill/words.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { type AskedBackfill, backfillPreviewQuery } from './backfill-queries.ts';
import type { JobToBackfill } from './backfill-view.ts';
import { BackfillWarnings } from './backfill-warnings.tsx';
import { OccurrenceWord } from './occurrence-word.tsx';

/** What the form would do: how many, which, how long, and what one should know before. */
export function BackfillPreview({
  job,
  asked,
  submit,
}: {
  job: JobToBackfill;
  asked: AskedBackfill;
  /** The end of the form; null while it isn't known how many runs it makes. */
  submit: (count: number | null) => ReactNode;
}) {
  const t = useTranslations('backfill');
  const preview = useQuery(backfillPreviewQuery(job.id, asked));
  const data = preview.isError ? undefined : preview.data;
  return (
    <section
      aria-label={t('preview')}
      aria-busy={preview.isFetching}
      aria-live="polite"
      className="grid content-start gap-4 text-table min-[70rem]:border-l min-[70rem]:border-line min-[70rem]:pl-8"
    >
      <SectionHead title={t('preview')} note={preview.isPlaceholderData ? t('counting') : ''} />
      {preview.isError && (
        <p role="alert" className="text-pretty text-fail-ink">
          {preview.error.message}
        </p>
      )}
      {!preview.isError && !data && <PreviewSkeleton />}
      {data && (
        <>
          <Sum preview={data} rule={asked.rule} />
          <BackfillWarnings warnings={data.warnings} />
          <Ends preview={data} />
          <Outcomes preview={data} />
        </>
      )}
      <div className="grid justify-items-start gap-2">{submit(data?.runs ?? null)}</div>
    </section>
  );
}

function Sum({ preview, rule }: { preview: Preview; rule: AskedBackfill['rule'] }) {
  const t = useTranslations('backfill');
  const words = useTimeWords();
  const { runs, counts, takesMs, medianMs } = preview;
  if (runs === 0) {
    return (
      <p className="text-pretty text-ink-2">
        {rule === 'pick' ? t('pickNone') : t('none', { occurrences: counts.occurrences })}
      </p>
    );
  }
  return (
    <p className="text-pretty text-ink-2 [&_b]:font-semibold [&_b]:text-ink">
      {t.rich('runs', {
        count: runs,
        occurrences: counts.occurrences,
        takes: takesMs < 1_000 ? 'none' : words.elapsed(takesMs),
        median: medianMs === null ? 'none' : words.duration(medianMs),
        b: (chunks) => <b>{chunks}</b>,
      })}
    </p>
  );
}

/** The first and the last ones, in the order in which they run. */
function Ends({ preview: { runs, first, last } }: { preview: Preview }) {
  const t = useTranslations('backfill');
  if (runs === 0) return null;
  const shown = new Set(first.map(({ at }) => at));
  // Looked for from the end: the other way round, and without those that are among the first.
  const rest = last.toReversed().filter(({ at }) => !shown.has(at));
  const between = runs - first.length - rest.length;
  return (
    <div className="grid gap-x-8 gap-y-2 desk:grid-cols-2">
      <Occurrences title={t('first')} occurrences={first} />
      {rest.length > 0 && (
        <Occurrences
          title={between > 0 ? `${t('last')}, ${t('more', { count: between })}` : t('last')}
          occurrences={rest}
        />
      )}
    </div>
  );
}

function Occurrences({
  title,
  occurrences,
}: {
  title: string;
  occurrences: readonly ShownOccurrence[];
}) {
  const words = useTimeWords();
  const clock = useClock();
  const haveSeconds = occurrences.some(({ at }) => Date.parse(at) % 60_000 !== 0);
  return (
    <div>
      <h3 className="text-meta text-ink-3">{title}</h3>
      <ul className="tabular-nums">
        {occurrences.map(({ at, outcome }) => (
          <li key={at} className="flex min-h-6 items-center justify-between gap-3">
            <span suppressHydrationWarning>
              {words.absolute(Date.parse(at), clock.atFirst)}
              {haveSeconds && `:${String(new Date(at).getUTCSeconds()).padStart(2, '0')}`}
            </span>
            <span className="min-w-0 truncate text-meta">
              <OccurrenceWord outcome={outcome} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** All of the stretch by what became of them, most of them first. */
function Outcomes({ preview: { counts } }: { preview: Preview }) {
  const t = useTranslations('backfill');
  const outcomes = (Object.entries(counts.outcomes) as [OccurrenceOutcome, number][]).toSorted(
    ([, a], [, b]) => b - a,
  );
  if (outcomes.length === 0) return null;
  return (
    <div>
      <h3 className="text-meta text-ink-3">{t('became')}</h3>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 tabular-nums">
        {outcomes.map(([outcome, count]) => (
          <li key={outcome} className="flex items-center gap-2">
            <OccurrenceWord outcome={outcome} />
            <b className="font-semibold">{count.toLocaleString('en')}</b>
          </li>
        ))}
      </ul>
      {(counts.madeGood > 0 || counts.toCome > 0) && (
        <p className="mt-1 text-meta text-ink-3">
          {[
            counts.madeGood > 0 && t('madeGood', { count: counts.madeGood }),
            counts.toCome > 0 && t('toCome', { count: counts.toCome }),
          ]
            .filter(Boolean)
            .join('; ')}
        </p>
      )}
    </div>
  );
}

function PreviewSkeleton() {
  return (
    <div className="grid gap-2">
      {['w-72', 'w-56', 'w-64', 'w-48'].map((width) => (
        <Skeleton key={width} className={cn('h-3.5', width)} />
      ))}
    </div>
  );
}
