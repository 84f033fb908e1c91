'use client';

import { useLocale, useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { Link } from '#components/ui/link.tsx';
import type { JobList } from '#core/jobs/reads.ts';
import { JOB_STATES, type JobState } from '#core/jobs/job-state.ts';

const NEEDS_ONE: readonly JobState[] = ['failing', 'overdue'];

/** "3 failing, 1 overdue, 2 paused, 32 healthy.": each count leads to its jobs; what needs one stands first and strong. */
export function JobListSentence({ byState }: { byState: JobList['byState'] }) {
  const t = useTranslations('jobs');
  const locale = useLocale();
  const present = JOB_STATES.filter((state) => byState[state] > 0);
  const parts = new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).formatToParts(
    present,
  );
  return (
    <>
      {parts.map((part, index) =>
        part.type === 'element' ? (
          <Link
            key={part.value}
            href={`/jobs?state=${part.value}`}
            className={
              NEEDS_ONE.includes(part.value as JobState)
                ? 'font-medium text-ink hover:underline'
                : 'hover:underline'
            }
          >
            {t('count', {
              count: byState[part.value as JobState],
              state: t(`state.${part.value as JobState}`),
            })}
          </Link>
        ) : (
          <Fragment key={index}>{part.value}</Fragment>
        ),
      )}
      .
    </>
  );
}
