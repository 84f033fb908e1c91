'use client';

import { Pause, Play, StepForward } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { Button } from '#components/ui/button.tsx';
import { SelectionBar } from '#components/ui/selection-bar.tsx';
import type { JobListRights } from './job-list-view.ts';
import type { JobListActs } from './use-job-list-acts.ts';

const PauseDialog = dynamic(
  () => import('./job-pause-dialog.tsx').then((file) => file.PauseDialog),
  { ssr: false },
);

const ResumeDialog = dynamic(
  () => import('#components/pauses/resume-dialog.tsx').then((file) => file.ResumeDialog),
  { ssr: false },
);

const b = (words: ReactNode) => <b className="font-medium">{words}</b>;

/** What can be done with all chosen jobs at once. The choice ends when it is done. */
export function JobListSelection({
  jobs,
  acts,
  rights,
  onClear,
}: {
  jobs: readonly JobSummary[];
  acts: JobListActs;
  rights: JobListRights;
  onClear: () => void;
}) {
  const t = useTranslations('jobs');
  const [pending, setPending] = useState<'trigger' | 'pause' | 'resume' | null>(null);
  const [asking, setAsking] = useState<'pause' | 'resume' | null>(null);
  const paused = jobs.filter((job) => job.paused);
  const unpaused = jobs.filter((job) => !job.paused);
  const hint = (isAllowed: boolean) => (isAllowed ? undefined : t('onlyAdmins'));
  const act = async (name: 'trigger' | 'pause' | 'resume', done: Promise<boolean>) => {
    setPending(name);
    const isDone = await done;
    setPending(null);
    if (isDone) onClear();
    return isDone;
  };
  return (
    <>
      <SelectionBar
        summary={t.rich('selected', { b, count: jobs.length })}
        onClear={onClear}
        actions={
          <>
            <Button
              size="small"
              icon={<Play aria-hidden />}
              pending={pending === 'trigger'}
              disabled={!rights.trigger}
              title={hint(rights.trigger)}
              onClick={() => void act('trigger', acts.trigger(jobs))}
            >
              {t('bulkTrigger')}
            </Button>
            <Button
              size="small"
              icon={<Pause aria-hidden />}
              pending={pending === 'pause'}
              disabled={!rights.pause || unpaused.length === 0}
              title={hint(rights.pause)}
              onClick={() => setAsking('pause')}
            >
              {t('bulkPause')}
            </Button>
            <Button
              size="small"
              icon={<StepForward aria-hidden />}
              pending={pending === 'resume'}
              disabled={!rights.pause || paused.length === 0}
              title={hint(rights.pause)}
              onClick={() => setAsking('resume')}
            >
              {t('bulkResume')}
            </Button>
          </>
        }
      />
      {asking === 'pause' && (
        <PauseDialog
          jobs={unpaused}
          onPause={(asked, onRefused) => act('pause', acts.pause(unpaused, asked, onRefused))}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'resume' && (
        <ResumeDialog
          jobs={paused}
          onResume={(answer, onRefused) => act('resume', acts.resume(paused, answer, onRefused))}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
