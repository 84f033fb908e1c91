'use client';

import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { parseAsInteger } from 'nuqs/server';
import type { RevisionSummary } from '#core/jobs/read-job.ts';
import { addressHook } from '#components/shell/address-hook.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { trialsQuery } from '#components/trials/trial-queries.ts';
import { cn } from '#components/ui/cn.ts';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { jobQuery, revisionsQuery, type JobName } from './job-queries.ts';
import type { JobActions, JobRights } from './job-view.ts';
import { RevisionDifference } from './revision-difference.tsx';

const useRevisionAddress = addressHook(
  { revision: parseAsInteger, against: parseAsInteger },
  'replace',
);

/** Who changed the job, when and why; and what changed between any two of its revisions. */
export function RevisionList({
  name,
  restoreRevision,
  rights,
}: {
  name: JobName;
  restoreRevision: JobActions['restoreRevision'];
  rights: JobRights;
}) {
  const t = useTranslations('job');
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const { data: revisions } = useSuspenseQuery(revisionsQuery(name));
  const [chosen, choose] = useRevisionAddress();
  const { data: trials } = useQuery(trialsQuery(name));
  const trial = trials?.find(({ endedAt }) => endedAt === null);
  const newest = revisions[0]?.number ?? 1;
  const known = (number: number | null) =>
    revisions.some((revision) => revision.number === number) ? number : null;
  const after = known(chosen.revision) ?? newest;
  const before = known(chosen.against) ?? (after > 1 ? known(after - 1) : null);
  return (
    <div className="pt-4 min-[64rem]:grid min-[64rem]:grid-cols-[20rem_minmax(0,1fr)] min-[64rem]:gap-10">
      <section aria-label={t('revisions')}>
        <p className="mb-2 text-table text-ink-2">{t('revisionsSentence')}</p>
        <ol>
          {revisions.map((revision) => (
            <RevisionRow
              key={revision.number}
              revision={revision}
              isOnTrial={trial !== undefined && revision.number >= trial.revision}
              isShown={revision.number === after}
              isBase={revision.number === before}
              onShow={() => choose({ revision: revision.number, against: null })}
            />
          ))}
        </ol>
      </section>
      <RevisionDifference
        name={name}
        revisions={revisions}
        before={before}
        after={after}
        onChoose={(next) => choose({ revision: next.after, against: next.before ?? null })}
        restore={
          job.deletedAt === null
            ? { restoreRevision, currentRevision: job.revision, isAllowed: rights.edit }
            : null
        }
      />
    </div>
  );
}

function RevisionRow({
  revision: { number, note, savedBy, savedAt, isCurrent },
  isOnTrial,
  isShown,
  isBase,
  onShow,
}: {
  revision: RevisionSummary;
  isOnTrial: boolean;
  isShown: boolean;
  isBase: boolean;
  onShow: () => void;
}) {
  const t = useTranslations('job');
  const onTrial = useTranslations('trial');
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-current={isShown || undefined}
        onClick={onShow}
        className={cn(
          '-mx-2 block w-[calc(100%+1rem)] px-2 py-2 text-left text-table hover:bg-hover focus-visible:-outline-offset-2 phone:min-h-13',
          isShown && 'bg-accent-tint hover:bg-accent-tint',
          isBase && 'bg-hover',
        )}
      >
        <span className="flex items-baseline gap-2">
          <span className="font-medium">{t('revisionNumber', { number })}</span>
          {isCurrent && <LabelChip tone="accent">{t('current')}</LabelChip>}
          {isOnTrial && <LabelChip>{onTrial('chip')}</LabelChip>}
          <span className="ml-auto text-meta text-ink-3">
            <RelativeTime at={savedAt} />
          </span>
        </span>
        <span className="block truncate text-ink-2">
          {savedBy}, <AbsoluteTime at={savedAt} />
        </span>
        {note && <span className="block text-pretty text-ink-2">“{note}”</span>}
      </button>
    </li>
  );
}
