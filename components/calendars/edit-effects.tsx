'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ChangedJob } from '#core/calendars/preview-calendar.ts';
import type { CalendarDefinition } from '#core/schedules/calendars/definition.ts';
import { formatAbsolute } from '#core/time/format.ts';
import { useLocale } from 'next-intl';
import { SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { effectsQuery } from './calendar-queries.ts';
import { useRested } from './use-rested.ts';

/** What saving would do to the jobs that use the calendar: which of them fire otherwise, and when. */
export function EditEffects({
  calendarKey,
  jobCount,
  definition,
  isChanged,
}: {
  calendarKey: string;
  jobCount: number;
  definition: CalendarDefinition;
  isChanged: boolean;
}) {
  const t = useTranslations('calendars.effects');
  const rested = useRested(definition);
  const { data, error, isFetching } = useQuery({
    ...effectsQuery(calendarKey, rested),
    enabled: isChanged && jobCount > 0,
  });
  return (
    <section
      aria-label={t('title')}
      aria-busy={isFetching || undefined}
      className="mb-7 border-b border-line pb-5"
    >
      <SectionHead title={t('title')} className="mb-1" />
      <div
        aria-live="polite"
        className="text-table text-pretty text-ink-2 [&_b]:font-medium [&_b]:text-ink"
      >
        {jobCount === 0 ? (
          <p>{t('noJobs')}</p>
        ) : !isChanged ? (
          <p>{t('unchanged', { jobs: jobCount })}</p>
        ) : data === undefined ? (
          <p>{error ? t('unknown') : t('looking')}</p>
        ) : (
          <>
            <p>
              {data.changed === 0
                ? t('none', { jobs: data.jobs, days: data.days })
                : t.rich('some', {
                    jobs: data.jobs,
                    days: data.days,
                    changed: data.changed,
                    vanish: data.vanish,
                    fresh: data.fresh,
                    b: (words) => <b>{words}</b>,
                  })}
            </p>
            {data.compared < data.jobs && (
              <p className="mt-1 text-time-ink">
                {t('notAll', { compared: data.compared, jobs: data.jobs })}
              </p>
            )}
            {data.first.length > 0 && (
              <ul className="mt-2">
                {data.first.map((job) => (
                  <JobEffect key={job.key} job={job} />
                ))}
              </ul>
            )}
            {data.changed > data.first.length && (
              <p className="mt-1 text-meta text-ink-3">
                {t('more', { count: data.changed - data.first.length })}
              </p>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function JobEffect({ job: { key, timeZone, vanish, fresh, first, isEnded } }: { job: ChangedJob }) {
  const t = useTranslations('calendars.effects');
  const locale = useLocale();
  const at = (atMs: number) => {
    const options = { locale, timeZone, nowMs: atMs };
    return `${formatAbsolute(atMs, 'day', options)}, ${formatAbsolute(atMs, 'time', options)}`;
  };
  const more = vanish + fresh - first.length;
  return (
    <li className="border-b border-line py-1.5 last:border-b-0">
      <span className="flex items-baseline justify-between gap-3">
        <TextLink href={`/jobs/${key}`} className="min-w-0 truncate font-mono text-ink">
          {key}
        </TextLink>
        <span className="shrink-0 text-meta">
          {vanish > 0 && <span className="text-fail-ink">{t('vanish', { count: vanish })}</span>}
          {vanish > 0 && fresh > 0 && ', '}
          {fresh > 0 && <span className="text-ok-ink">{t('fresh', { count: fresh })}</span>}
        </span>
      </span>
      {isEnded && <span className="block text-meta text-fail-ink">{t('ended')}</span>}
      <span className="flex flex-wrap gap-x-3 text-meta text-ink-3">
        {first.map(({ atMs, sign }) =>
          sign === 'fresh' ? (
            <span key={`${sign} ${atMs}`} className="text-ok-ink">
              + {at(atMs)}
            </span>
          ) : (
            <span key={`${sign} ${atMs}`}>
              − <s>{at(atMs)}</s>
            </span>
          ),
        )}
        {more > 0 && <span>{t('moreFires', { count: more })}</span>}
        <span>{timeZone}</span>
      </span>
    </li>
  );
}
