'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { TabLinks } from '#components/ui/tab-links.tsx';
import { jobQuery, type JobName } from './job-queries.ts';

export function JobTabs({ name }: { name: JobName }) {
  const t = useTranslations('job');
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const base = `/jobs/${name.key}`;
  return (
    <TabLinks
      label={t('parts')}
      className="mt-5"
      tabs={[
        { href: base, label: t('ledger') },
        ...(job.schedule?.isManual === false
          ? [{ href: `${base}/next`, label: t('nextTitle') }]
          : []),
        { href: `${base}/definition`, label: t('definition') },
        { href: `${base}/state`, label: t('keeps') },
        { href: `${base}/revisions`, label: t('revisions'), count: job.revision },
      ]}
    />
  );
}
