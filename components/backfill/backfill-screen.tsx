'use client';

import { useTranslations } from 'next-intl';
import { PageHead } from '#components/shell/page-head.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { BackfillForm } from './backfill-form.tsx';
import { BackfillList } from './backfill-list.tsx';
import type { JobToBackfill, StartAction } from './backfill-view.ts';

/** Begins a backfill of a job, and shows those that it had. */
export function BackfillScreen({
  job,
  usualFrom,
  mayStart,
  startBackfill,
}: {
  job: JobToBackfill;
  /** ISO 8601. */
  usualFrom: string;
  mayStart: boolean;
  startBackfill: StartAction;
}) {
  const t = useTranslations('backfill');
  return (
    <>
      <PageHead
        crumbs={[
          { label: t('jobs'), href: '/jobs' },
          { label: job.key, href: `/jobs/${job.key}`, mono: true },
        ]}
        title={t('title')}
        sentence={
          job.isDeleted ? t('deleted', { key: job.key }) : t('sentence', { revision: job.revision })
        }
      />
      {!job.isDeleted && (
        <BackfillForm
          job={job}
          usualFrom={usualFrom}
          mayStart={mayStart}
          startBackfill={startBackfill}
        />
      )}
      <SectionHead title={t('list')} className="mt-8" />
      <BackfillList jobId={job.id} jobKey={job.key} />
    </>
  );
}
