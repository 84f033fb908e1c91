'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { JobEditor, type JobEditorProps } from './editor.tsx';
import type { EditorJob } from './editor-view.ts';
import { jobQuery, type JobName } from './job-queries.ts';

type Common = Pick<JobEditorProps, 'options' | 'actions' | 'user' | 'reach'>;

export function NewJobPage(common: Common) {
  const t = useTranslations('editor');
  return (
    <>
      <PageHead crumbs={[{ label: t('jobs'), href: '/jobs' }]} title={t('newTitle')} />
      <JobEditor job={null} {...common} />
    </>
  );
}

/** Edits the revision that was current when the page opened; tells when somebody has saved since. */
export function EditJobPage({ name, ...common }: Common & { name: JobName }) {
  const t = useTranslations('editor');
  const { data: current } = useSuspenseQuery(jobQuery(name));
  const [first] = useState(() => editorJob(current));
  return (
    <>
      <PageHead
        crumbs={[
          { label: t('jobs'), href: '/jobs' },
          { label: name.key, href: `/jobs/${name.key}`, mono: true },
        ]}
        title={
          <>
            {t('editTitle')}
            {/* The phone shows no crumbs. */}
            <span className="font-mono font-normal desk:hidden"> {name.key}</span>
          </>
        }
      />
      {first === null ? (
        <Notice tone="fail" className="mt-4" title={t('unreadableTitle')}>
          {t('unreadableMeaning')}
        </Notice>
      ) : (
        <JobEditor
          job={first}
          newest={{ revision: current.revision, savedBy: current.savedBy }}
          {...common}
        />
      )}
    </>
  );
}

function editorJob({ id, revision, savedAt, savedBy, definition }: JobDetail): EditorJob | null {
  return definition && { id, revision, savedAt, savedBy, definition };
}
