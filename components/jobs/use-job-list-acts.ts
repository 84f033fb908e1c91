'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import type { JobList } from '#core/jobs/reads.ts';
import { useCarryOut } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import type { GivenAnswer } from '#components/pauses/resume-dialog.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { AskedPause } from './job-pause-dialog.tsx';
import { stateWithoutPause } from './job-state.ts';
import type { JobListActions } from './job-list-view.ts';

type Named = { id: number; key: string };
type OnRefused = (refusal: Refusal) => void;

const PAUSE_AT_ONCE: AskedPause = { reason: '', cancelRunning: false, end: null };

/** The acts on jobs of a list, one or many. Pause and resume show at once; each gives a promise to wait for. */
export function useJobListActs(actions: JobListActions, onAskToResume: (job: JobSummary) => void) {
  const t = useTranslations('jobs');
  const pauses = useTranslations('pauses');
  const router = useRouter();
  const client = useQueryClient();
  const clock = useClock();
  const carryOut = useCarryOut();

  return useMemo(() => {
    const lists = { queryKey: ['job', 'list'] };
    const show = (jobs: readonly Named[], change: (job: JobSummary) => JobSummary) => {
      const ids = new Set(jobs.map(({ id }) => id));
      client.setQueriesData<JobList>(
        lists,
        (list) =>
          list && { ...list, jobs: list.jobs.map((job) => (ids.has(job.id) ? change(job) : job)) },
      );
    };
    // Whatever was shown meanwhile, the server has the last word.
    const settle = () => client.invalidateQueries(lists);
    const told = (kind: 'paused' | 'resumed', jobs: readonly Named[], changed: number) =>
      changed === 0 ? t('noneChanged') : t(kind, { count: jobs.length, key: jobs[0]?.key ?? '' });

    const resume = async (
      jobs: readonly Named[],
      answer: GivenAnswer = { rule: 'skip' },
      onRefused?: OnRefused,
    ) => {
      if (answer.rule === 'skip') {
        show(jobs, (job) => ({ ...job, paused: null, state: stateWithoutPause(job) }));
      }
      const done = await carryOut(
        () => actions.resumeJobs({ jobIds: jobs.map(({ id }) => id), answer }),
        onRefused,
      );
      await settle();
      if (!done) return false;
      notify(
        done.runs > 0
          ? pauses('resumed', {
              count: done.jobIds.length,
              key: jobs[0]?.key ?? '',
              runs: done.runs,
            })
          : told('resumed', jobs, done.jobIds.length),
      );
      return true;
    };

    const pause = async (
      jobs: readonly Named[],
      { reason, cancelRunning, end }: AskedPause = PAUSE_AT_ONCE,
      onRefused?: OnRefused,
    ) => {
      const since = new Date(clock.now()).toISOString();
      const paused = { since, by: t('you'), reason, ticks: 0, until: null, answer: null };
      // What may be refused shows when it is done.
      if (end === null) {
        show(jobs, (job) => ({
          ...job,
          state: 'paused',
          paused: job.paused ?? paused,
          nextTickAt: null,
        }));
      }
      const jobIds = jobs.map(({ id }) => id);
      const done = await carryOut(
        () => actions.pauseJobs({ jobIds, reason, cancelRunning, end }),
        onRefused,
      );
      await settle();
      if (!done) return false;
      const changed = jobs.filter(({ id }) => done.jobIds.includes(id));
      notify(
        told('paused', changed.length > 0 ? changed : jobs, changed.length),
        changed.length > 0
          ? { undo: { label: t('undoPause'), run: () => void resume(changed) } }
          : {},
      );
      return true;
    };

    const triggerOne = async (job: Named) => {
      const started = await carryOut(() => actions.triggerJob({ jobId: job.id }));
      if (!started) return false;
      notify(t(started.waitsForResume ? 'triggeredWaits' : 'triggered', { key: job.key }), {
        undo: { label: t('openRun'), run: () => router.push(`/runs/${started.runId}`) },
      });
      return true;
    };

    const triggerSeveral = async (jobs: readonly Named[]) => {
      const done = await carryOut(() => actions.triggerJobs({ jobIds: jobs.map(({ id }) => id) }));
      if (!done) return false;
      const { runIds, refused, waitsForResume } = done;
      if (runIds.length > 0) {
        const said = waitsForResume ? 'triggeredSeveralWait' : 'triggeredSeveral';
        notify(t(said, { count: runIds.length }), {
          undo: { label: t('openRuns'), run: () => router.push('/runs') },
        });
      }
      const keyOf = new Map(jobs.map(({ id, key }) => [id, key]));
      if (refused.length > 0) {
        notifyFailure(
          t('refusedSeveral', { count: refused.length }),
          refused.map(({ id, message }) => `${keyOf.get(id) ?? ''}: ${message}`).join(' '),
        );
      }
      return refused.length === 0;
    };

    return {
      pause,
      resume,
      trigger: (jobs: readonly Named[]) =>
        jobs.length === 1 && jobs[0] ? triggerOne(jobs[0]) : triggerSeveral(jobs),
      /** Pauses at once; of what fell into a pause it asks first. */
      toggle: async (job: JobSummary) => {
        if (!job.paused) return pause([job]);
        onAskToResume(job);
        return true;
      },
      edit: (job: Named) => router.push(`/jobs/${job.key}/edit`),
      create: () => router.push('/jobs/new'),
      prepare: (job: Named) => router.prefetch(`/jobs/${job.key}`),
      open: (job: Named) => router.push(`/jobs/${job.key}`),
    };
  }, [actions, carryOut, client, clock, onAskToResume, pauses, router, t]);
}

export type JobListActs = ReturnType<typeof useJobListActs>;
