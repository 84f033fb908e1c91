'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { BlackoutPreview } from '#core/blackouts/preview-blackout.ts';
import { useRested } from '#components/calendars/use-rested.ts';
import { HttpProblem } from '#components/shell/fetch-json.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { blackoutPreview } from './blackout-queries.ts';
import { inputOf, type TypedBlackout } from './typed-blackout.ts';
import type { BlackoutInput } from './blackout-actions.ts';

/** Who would be hit if it were saved as it is typed: how many jobs, which, and how many of their ticks. */
export function BlackoutHits({ typed }: { typed: TypedBlackout }) {
  const t = useTranslations('blackouts.preview');
  const input = useRested(inputOf(typed));
  const { effect, times, scope } = input;
  const toChoose = missing(input);
  const { data, error, isFetching } = useQuery({
    ...blackoutPreview({ effect, times, scope }),
    enabled: toChoose === null,
  });
  return (
    <section aria-label={t('title')} aria-busy={isFetching || undefined}>
      <SectionHead title={t('title')} className="mb-1" />
      <div
        aria-live="polite"
        className="grid gap-3 text-table text-pretty text-ink-2 [&_b]:font-medium [&_b]:text-ink"
      >
        {toChoose ? (
          <p>{t(toChoose)}</p>
        ) : error ? (
          <p className="text-fail-ink">
            {error instanceof HttpProblem && error.refusal ? error.message : t('failed')}
          </p>
        ) : data ? (
          <Answer preview={data} type={typed.type} />
        ) : (
          <p>{t('looking')}</p>
        )}
      </div>
    </section>
  );
}

function Answer({ preview, type }: { preview: BlackoutPreview; type: TypedBlackout['type'] }) {
  const t = useTranslations('blackouts.preview');
  const { jobs, manualJobs, pausedJobs, left, held, jobsWithTicks, first, windows } = preview;
  return (
    <>
      <p>
        {t.rich('jobs', {
          jobs,
          manual: manualJobs,
          paused: pausedJobs,
          b: (words) => <b>{words}</b>,
        })}
      </p>
      {jobs > 0 && (
        <p>
          {left + held === 0
            ? t('noTicks', { type })
            : t.rich('ticks', {
                type,
                left,
                held,
                hasHeld: String(held > 0),
                count: jobsWithTicks,
                b: (words) => <b>{words}</b>,
              })}
        </p>
      )}
      {preview.unreadable > 0 && <Notice title={t('unreadable', { count: preview.unreadable })} />}
      {first.length > 0 && (
        <ul>
          {first.map((job) => (
            <li
              key={job.key}
              className="flex items-baseline justify-between gap-3 border-b border-line py-1.5 last:border-b-0"
            >
              <TextLink href={`/jobs/${job.key}`} className="min-w-0 truncate font-mono text-ink">
                {job.key}
              </TextLink>
              <span className="shrink-0 text-meta">
                {job.isPaused && `${t('paused')}, `}
                {job.left > 0 && t('left', { count: job.left })}
                {job.left > 0 && job.held > 0 && ', '}
                {job.held > 0 && t('held', { count: job.held })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {jobsWithTicks > first.length && (
        <p className="text-meta text-ink-3">{t('more', { count: jobsWithTicks - first.length })}</p>
      )}
      {windows.length > 0 && type === 'weekly' && (
        <div>
          <h3 className="font-medium text-ink">{t('windows', { count: preview.windowCount })}</h3>
          <ul className="mt-1">
            {windows.map(({ from, to }) => (
              <li key={from} className="py-0.5">
                {t.rich('window', {
                  from: () => <AbsoluteTime at={from} />,
                  to: () => <AbsoluteTime at={to} form={isShort(from, to) ? 'time' : 'short'} />,
                })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

// Within a day the time alone says which day is meant.
const isShort = (from: string, to: string) => Date.parse(to) - Date.parse(from) < 86_400_000;

/** What is still to be chosen; null when it can be asked who is hit. */
function missing({ times, scope }: BlackoutInput): 'chooseScope' | 'chooseTimes' | null {
  const isTimed =
    times.type === 'weekly'
      ? times.weekdays.length > 0 && times.from !== '' && times.to !== ''
      : times.from !== '' && times.from < times.to;
  if (!isTimed) return 'chooseTimes';
  switch (scope.type) {
    case 'all':
      return null;
    case 'queues':
      return scope.queues.length > 0 ? null : 'chooseScope';
    case 'labels':
      return Object.keys(scope.labels).length > 0 ? null : 'chooseScope';
    case 'jobs':
      return scope.jobIds.length > 0 ? null : 'chooseScope';
  }
}
