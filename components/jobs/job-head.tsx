'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { PageHead } from '#components/shell/page-head.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { JobActions } from './job-actions.tsx';
import { jobQuery, type JobName } from './job-queries.ts';
import { JobSentence } from './job-sentence.tsx';
import type { JobActions as Actions, JobRights } from './job-view.ts';

/** The job's key, how it is, and what one may do with it. */
export function JobHead({
  name,
  actions,
  rights,
}: {
  name: JobName;
  actions: Actions;
  rights: JobRights;
}) {
  const t = useTranslations('job');
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const crumbs = [{ label: t('jobs'), href: '/jobs' }];
  if (job.deletedAt !== null) {
    return (
      <PageHead
        crumbs={crumbs}
        title={job.key}
        mono
        sentence={t.rich('isDeleted', {
          b: (words) => <b>{words}</b>,
          at: () => <AbsoluteTime at={job.deletedAt ?? ''} />,
        })}
      />
    );
  }
  return (
    <PageHead
      crumbs={crumbs}
      title={job.key}
      mono
      sentence={<JobSentence name={name} job={job} />}
      actions={<JobActions job={job} actions={actions} rights={rights} />}
    />
  );
}
