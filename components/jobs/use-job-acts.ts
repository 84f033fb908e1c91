'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import type { JobDetail } from '#core/jobs/read-job.ts';
import type { Requested } from '#core/runs/requests.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { GivenAnswer } from '#components/pauses/resume-dialog.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { AskedPause } from './job-pause-dialog.tsx';
import { jobQuery } from './job-queries.ts';
import { stateWithoutPause } from './job-state.ts';
import type { JobActions } from './job-view.ts';

type OnRefused = (refusal: Refusal) => void;

const PAUSE_AT_ONCE: AskedPause = { reason: '', cancelRunning: false, end: null };

/** The acts on one job, each with what it says when it is done. Pause and resume show at once. */
export function useJobActs(job: JobSummary, actions: JobActions) {
  const t = useTranslations('job');
  const pauses = useTranslations('pauses');
  const router = useRouter();
  const client = useQueryClient();
  const clock = useClock();
  const { act, pending } = useAct<'trigger' | 'pause' | 'resume' | 'duplicate'>();
  const { queryKey } = jobQuery(job);

  const show = (paused: JobSummary['paused']) => {
    client.setQueryData<JobDetail>(queryKey, (shown) =>
      shown === undefined
        ? undefined
        : { ...shown, paused, state: paused ? 'paused' : stateWithoutPause(shown) },
    );
  };
  // Whatever was shown meanwhile, the server has the last word.
  const settle = () => client.invalidateQueries({ queryKey });

  const sayTriggered = ({ runId, waitsForResume }: Requested) =>
    notify(t(waitsForResume ? 'triggeredWaits' : 'triggered', { key: job.key }), {
      undo: { label: t('openRun'), run: () => router.push(`/runs/${runId}`) },
    });

  const pause = async (
    { reason, cancelRunning, end }: AskedPause = PAUSE_AT_ONCE,
    onRefused?: OnRefused,
  ) => {
    const since = new Date(clock.now()).toISOString();
    // What may be refused shows when it is done.
    if (end === null) show({ since, by: t('you'), reason, ticks: 0, until: null, answer: null });
    const done = await act(
      'pause',
      () => actions.pauseJobs({ jobIds: [job.id], reason, cancelRunning, end }),
      onRefused,
    );
    await settle();
    if (done) {
      notify(t('paused', { key: job.key }), {
        undo: { label: t('resume'), run: () => void resume() },
      });
    }
    return done !== null;
  };

  const resume = async (answer: GivenAnswer = { rule: 'skip' }, onRefused?: OnRefused) => {
    if (answer.rule === 'skip') show(null);
    const done = await act(
      'resume',
      () => actions.resumeJobs({ jobIds: [job.id], answer }),
      onRefused,
    );
    await settle();
    if (done) {
      notify(
        done.runs > 0
          ? pauses('resumed', { key: job.key, count: 1, runs: done.runs })
          : t('resumed', { key: job.key }),
      );
    }
    return done !== null;
  };

  return {
    pending,
    sayTriggered,
    pause,
    resume,
    trigger: async () => {
      const started = await act('trigger', () => actions.triggerJob({ jobId: job.id }));
      if (started) sayTriggered(started);
    },
    duplicate: async () => {
      const copy = await act('duplicate', () => actions.duplicateJob({ jobId: job.id }));
      if (!copy) return;
      notify(t('duplicated', { key: copy.key }));
      router.push(`/jobs/${copy.key}/edit`);
    },
    openEditor: () => router.push(`/jobs/${job.key}/edit`),
    afterDeleted: () => {
      notify(t('deleted', { key: job.key }));
      router.push('/jobs');
    },
  };
}

export type JobActs = ReturnType<typeof useJobActs>;
