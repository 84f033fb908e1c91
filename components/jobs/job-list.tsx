'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { ListToolbarSkeleton } from '#components/list/list-toolbar.tsx';
import { NewButton } from '#components/list/new-button.tsx';
import { useHeldOrder } from '#components/list/use-held-order.ts';
import { useSelection } from '#components/list/use-selection.ts';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { addressHook } from '#components/shell/address-hook.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';
import { nothing } from '#components/ui/nothing.ts';
import {
  isFiltered,
  jobListFilters,
  jobListParsers,
  NO_FILTERS,
  type ChangeJobList,
} from './job-list-address.ts';
import { JobListFoot } from './job-list-foot.tsx';
import { jobListQuery } from './job-list-queries.ts';
import { JobListSentence } from './job-list-sentence.tsx';
import { JobListTable } from './job-list-table.tsx';
import { JobListToolbar } from './job-list-toolbar.tsx';
import type { JobListActions, JobListRights } from './job-list-view.ts';
import { useJobListActs } from './use-job-list-acts.ts';

const JobListSelection = dynamic(
  () => import('./job-list-selection.tsx').then((file) => file.JobListSelection),
  { ssr: false },
);
const ResumeDialog = dynamic(
  () => import('#components/pauses/resume-dialog.tsx').then((file) => file.ResumeDialog),
  { ssr: false },
);
// Only the first visit shows it.
const EmptyJobs = dynamic(
  () => import('#components/overview/empty-jobs.tsx').then((file) => file.EmptyJobs),
  { loading: nothing },
);

/** How all jobs are: a row each, what needs one first. */
export function JobList({
  actions,
  samples,
  rights,
}: {
  actions: JobListActions;
  samples: Pick<InstallationActions, 'addSamples' | 'removeSamples'>;
  rights: JobListRights;
}) {
  const t = useTranslations('jobs');
  const common = useTranslations('common');
  const who = useTranslations('whoMay');
  const [address, setAddress] = useJobListAddress();
  const filters = jobListFilters(address);
  const { data, isPlaceholderData, isError, refetch } = useQuery(jobListQuery(filters));
  const [toResume, setToResume] = useState<JobSummary | null>(null);
  const acts = useJobListActs(actions, setToResume);
  const [isChoosing, setIsChoosing] = useState(false);

  // While the next list is on its way the one before still shows, as a list of its own.
  const listKey = isPlaceholderData ? 'before' : JSON.stringify(filters);
  const rows = data?.jobs ?? NO_JOBS;
  const [isBusy, setIsBusy] = useState(false);
  const { shown, isWaiting, show, pointing } = useHeldOrder(rows, listKey, isBusy);
  const selection = useSelection(
    shown.map(({ id }) => id),
    JSON.stringify(filters),
  );
  const chosen = shown.filter(({ id }) => selection.ids.has(id));
  if (isBusy !== chosen.length > 0) setIsBusy(chosen.length > 0);

  const change: ChangeJobList = (next) => setAddress({ ...next, after: null });
  usePageActions([
    {
      id: 'new-job',
      label: t('newJob'),
      keys: 'n',
      icon: <Plus aria-hidden />,
      isDisabled: !rights.create,
      hint: rights.create ? undefined : who('job:write'),
      run: acts.create,
    },
  ]);

  if (!data) {
    return isError ? <JobListProblem retry={() => void refetch()} /> : <JobListSkeleton />;
  }
  const all = Object.values(data.byState).reduce((sum, jobs) => sum + jobs, 0);
  if (all === 0) return <EmptyJobs actions={samples} rights={rights} />;
  return (
    <>
      <PageHead
        // The topbar of the phone says it already.
        title={<span className="phone:sr-only">{t('title')}</span>}
        sentence={<JobListSentence byState={data.byState} />}
        actions={
          <NewButton
            href="/jobs/new"
            label={t('newJob')}
            refusal={rights.create ? undefined : who('job:write')}
          />
        }
      />
      <JobListToolbar
        address={address}
        change={change}
        isChoosing={isChoosing}
        onChoosing={(next) => {
          setIsChoosing(next);
          if (!next) selection.clear();
        }}
      />
      {shown.length === 0 ? (
        <EmptyState
          title={t('nothing.title')}
          actions={
            isFiltered(address) && (
              <Button onClick={() => change(NO_FILTERS)}>{common('clearFilters')}</Button>
            )
          }
        >
          {t('nothing.text', { count: all })}
        </EmptyState>
      ) : (
        <JobListTable
          jobs={shown}
          columns={address.columns}
          selection={selection}
          isChoosing={isChoosing || chosen.length > 0}
          acts={acts}
          rights={rights}
          pointing={pointing}
        />
      )}
      <JobListFoot list={data} shown={shown.length} address={address} />
      {isWaiting && <OrderChanged onShow={show} isRaised={chosen.length > 0} />}
      {toResume && (
        <ResumeDialog
          jobs={[toResume]}
          onResume={(answer, onRefused) => acts.resume([toResume], answer, onRefused)}
          onClose={() => setToResume(null)}
        />
      )}
      {chosen.length > 0 && (
        <JobListSelection
          jobs={chosen}
          acts={acts}
          rights={rights}
          onClear={() => {
            selection.clear();
            setIsChoosing(false);
          }}
        />
      )}
    </>
  );
}

const NO_JOBS: never[] = [];
const useJobListAddress = addressHook(jobListParsers, 'push');

/** Stands apart from the rows, so that it doesn't move them itself. */
function OrderChanged({ onShow, isRaised }: { onShow: () => void; isRaised: boolean }) {
  const t = useTranslations('jobs');
  return (
    <p
      role="status"
      className={`fixed right-6 z-20 flex items-center gap-2 rounded-box border border-line-strong bg-float py-1 pr-1 pl-3 text-table text-ink-2 shadow-float phone:right-2 ${isRaised ? 'bottom-20 phone:bottom-32' : 'bottom-4 phone:bottom-20'}`}
    >
      {t('orderChanged')}
      <Button variant="quiet" size="small" onClick={onShow}>
        {t('showOrder')}
      </Button>
    </p>
  );
}

function JobListProblem({ retry }: { retry: () => void }) {
  const t = useTranslations('jobs');
  return (
    <>
      <PageHead title={t('title')} />
      <LoadProblem title={t('failed.title')} meaning={t('failed.meaning')} onRetry={retry} />
    </>
  );
}

/** The page in its sizes while the first rows are on their way. */
export function JobListSkeleton() {
  const t = useTranslations('jobs');
  return (
    <>
      <PageHead title={t('title')} sentence={<Skeleton className="mt-1.5 h-3.5 w-72" />} />
      <ListToolbarSkeleton />
      <RowsSkeleton rows={14} label={t('loading')} />
    </>
  );
}
