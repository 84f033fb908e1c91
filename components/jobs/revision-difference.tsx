'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { JobDefinition } from '#core/jobs/definition.ts';
import type { RevisionSummary } from '#core/jobs/read-job.ts';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { Select } from '#components/ui/select.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { changesBetween, definitionParts } from './definition-parts.ts';
import { revisionQuery, type JobName } from './job-queries.ts';
import { PartDifference } from './part-difference.tsx';
import { RestoreButton, type Restore } from './revision-restore.tsx';

/** What changed from one revision to another, part by part, in words. */
export function RevisionDifference({
  name,
  revisions,
  before,
  after,
  onChoose,
  restore,
}: {
  name: JobName;
  revisions: readonly RevisionSummary[];
  /** Null: there is none before, all of it is new. */
  before: number | null;
  after: number;
  onChoose: (next: { before: number | null; after: number }) => void;
  /** Null where nothing can be restored any more. */
  restore: Restore | null;
}) {
  const t = useTranslations('job');
  const options = revisions.map(({ number, isCurrent }) => ({
    value: String(number),
    label: t(isCurrent ? 'revisionCurrent' : 'revisionNumber', { number }),
  }));
  return (
    <section aria-label={t('difference')} className="min-w-0 phone:mt-6">
      <div className="flex flex-wrap items-center gap-2 text-table">
        <span className="text-ink-2">{t('from')}</span>
        <Select
          aria-label={t('from')}
          small
          className="w-40"
          options={options.filter(({ value }) => value !== String(after))}
          value={before === null ? undefined : String(before)}
          placeholder={t('nothingBefore')}
          onValueChange={(next) => onChoose({ before: Number(next), after })}
        />
        <span className="text-ink-2">{t('to')}</span>
        <Select
          aria-label={t('to')}
          small
          className="w-40"
          options={options.filter(({ value }) => value !== String(before))}
          value={String(after)}
          onValueChange={(next) => onChoose({ before, after: Number(next) })}
        />
        {restore && after !== restore.currentRevision && (
          <span className="ml-auto">
            <RestoreButton name={name} revision={after} restore={restore} />
          </span>
        )}
      </div>
      <Changes name={name} before={before} after={after} />
    </section>
  );
}

function Changes({ name, before, after }: { name: JobName; before: number | null; after: number }) {
  const t = useTranslations('job');
  const newer = useQuery(revisionQuery(name, after));
  const older = useQuery({ ...revisionQuery(name, before ?? after), enabled: before !== null });
  const failed = [newer, older].find(({ isError }) => isError);
  if (failed) {
    return (
      <LoadProblem
        title={t('revisionFailed')}
        meaning={failed.error?.message}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  if (!newer.data || (before !== null && !older.data)) {
    return <RowsSkeleton rows={4} label={t('loading')} />;
  }
  return (
    <ChangeList
      before={before === null ? null : (older.data?.definition ?? null)}
      after={newer.data.definition}
    />
  );
}

/** Part by part what is different; all of it where there was nothing before. */
export function ChangeList({
  before,
  after,
}: {
  before: JobDefinition | null;
  after: JobDefinition;
}) {
  const t = useTranslations('job');
  const changes = useMemo(
    () =>
      before === null
        ? definitionParts(after).map(({ part, value }) => ({
            part,
            before: undefined,
            after: value,
          }))
        : changesBetween(before, after),
    [before, after],
  );
  if (changes.length === 0) return <p className="mt-4 text-table">{t('noDifference')}</p>;
  return (
    <dl className="mt-3">
      {changes.map((change) => (
        <PartDifference key={change.part} change={change} />
      ))}
    </dl>
  );
}
