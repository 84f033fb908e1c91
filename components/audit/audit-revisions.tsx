'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { TrailEntry } from '#core/audit/trail.ts';
import { type JobName, revisionQuery } from '#components/jobs/job-queries.ts';
import { ChangeList } from '#components/jobs/revision-difference.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';

type Props = { name: JobName; before: number | null; after: number };

/** Which revisions an entry is between, where it made one of a job that is still there. */
export function revisionsOf({ action, before, after, job }: TrailEntry): Props | null {
  if (job === null || job.isDeleted || !/^job\.(create|edit|restore|trial_)/.test(action))
    return null;
  const [was, is] = [revisionIn(before), revisionIn(after)];
  return is === null || was === is ? null : { name: job, before: was, after: is };
}

function revisionIn(said: unknown): number | null {
  const revision = (said as { revision?: unknown } | null)?.revision;
  return typeof revision === 'number' ? revision : null;
}

/** What an edit changed of the job, part by part, in words. */
export function AuditRevisions({ name, before, after }: Props) {
  const t = useTranslations('audit');
  const newer = useQuery(revisionQuery(name, after));
  const older = useQuery({ ...revisionQuery(name, before ?? after), enabled: before !== null });
  const failed = [newer, older].find(({ isError }) => isError);
  return (
    <section className="mt-4">
      <SectionHead title={t('details.revisions')} />
      {failed ? (
        <ProblemState title={t('failed')} meaning={failed.error?.message} />
      ) : !newer.data || (before !== null && !older.data) ? (
        <RowsSkeleton rows={3} label={t('loading')} />
      ) : (
        <ChangeList
          before={before === null ? null : (older.data?.definition ?? null)}
          after={newer.data.definition}
        />
      )}
    </section>
  );
}
