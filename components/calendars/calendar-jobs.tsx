'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { CalendarDetail, CalendarJob } from '#core/calendars/read-calendars.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { useRuleWords } from './use-rule-words.ts';

const MOST_AT_FIRST = 10;

/** The jobs that use a calendar, what each makes of its days off, and its next tick. */
export function CalendarJobs({
  calendar: { jobs, jobCount, hiddenJobs },
}: {
  calendar: CalendarDetail;
}) {
  const t = useTranslations('calendars');
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? jobs : jobs.slice(0, MOST_AT_FIRST);
  return (
    <section aria-label={t('usedBy')}>
      <SectionHead title={t('usedBy')} note={jobCount} className="mb-1" />
      {jobCount === 0 ? (
        <p className="text-table text-pretty text-ink-2">{t('usedByNone')}</p>
      ) : (
        <ul className="text-table">
          {shown.map((job) => (
            <JobLine key={job.key} job={job} />
          ))}
        </ul>
      )}
      {shown.length < jobs.length && (
        <Button size="small" variant="quiet" className="-ml-2" onClick={() => setIsWhole(true)}>
          {t('showJobs', { count: jobs.length })}
        </Button>
      )}
      {isWhole && hiddenJobs === 0 && jobCount > jobs.length && (
        <p className="mt-1 text-meta text-ink-3">
          {t('moreJobs', { count: jobCount - jobs.length })}
        </p>
      )}
      {hiddenJobs > 0 && (
        <p className="mt-1 text-meta text-ink-3">{t('hiddenJobs', { count: hiddenJobs })}</p>
      )}
    </section>
  );
}

function JobLine({ job: { key, rule, nextTickAt, isPaused } }: { job: CalendarJob }) {
  const t = useTranslations('calendars');
  const ruleWords = useRuleWords();
  return (
    <li className="border-b border-line py-1.5 last:border-b-0 phone:py-2.5">
      <span className="flex items-baseline justify-between gap-3">
        <Link
          href={`/jobs/${key}`}
          className="min-w-0 truncate font-mono hover:underline"
          title={key}
        >
          {key}
        </Link>
        <span className="shrink-0 text-meta text-ink-3">
          {isPaused ? t('paused') : nextTickAt ? <RelativeTime at={nextTickAt} /> : t('noTick')}
        </span>
      </span>
      {rule && <span className="block text-meta text-ink-2">{ruleWords(rule)}</span>}
    </li>
  );
}
