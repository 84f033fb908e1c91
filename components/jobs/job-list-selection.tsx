'use client';

import { Pause, Play, StepForward } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import { holds } from '#core/auth/right.ts';
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
  const who = useTranslations('whoMay');
  const [pending, setPending] = useState<'trigger' | 'pause' | 'resume' | null>(null);
  const [asking, setAsking] = useState<'pause' | 'resume' | null>(null);
  const triggerable = jobs.filter(({ labels }) => holds(rights.trigger, labels));
  const pausable = jobs.filter(({ labels }) => holds(rights.pause, labels));
  const paused = pausable.filter((job) => job.paused);
  const unpaused = pausable.filter((job) => !job.paused);
  // Where one may act on some of the chosen, the button says on how many, and acts on those.
  const words = (
    label: 'bulkTrigger' | 'bulkPause' | 'bulkResume',
    allowed: readonly JobSummary[],
    of: readonly JobSummary[],
  ) =>
    allowed.length === 0 || allowed.length === of.length
      ? t(label)
      : t(`${label}Some`, { count: allowed.length, of: of.length });
  const hint = (
    permission: 'job:trigger' | 'job:pause',
    allowed: readonly JobSummary[],
    of: readonly JobSummary[],
  ) => (allowed.length === of.length ? undefined : who(permission));
  const pausedOfAll = jobs.filter((job) => job.paused);
  const unpausedOfAll = jobs.filter((job) => !job.paused);
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
              disabled={triggerable.length === 0}
              title={hint('job:trigger', triggerable, jobs)}
              onClick={() => void act('trigger', acts.trigger(triggerable))}
            >
              {words('bulkTrigger', triggerable, jobs)}
            </Button>
            <Button
              size="small"
              icon={<Pause aria-hidden />}
              pending={pending === 'pause'}
              disabled={unpaused.length === 0}
              title={hint('job:pause', unpaused, unpausedOfAll)}
              onClick={() => setAsking('pause')}
            >
              {words('bulkPause', unpaused, unpausedOfAll)}
            </Button>
            <Button
              size="small"
              icon={<StepForward aria-hidden />}
              pending={pending === 'resume'}
              disabled={paused.length === 0}
              title={hint('job:pause', paused, pausedOfAll)}
              onClick={() => setAsking('resume')}
            >
              {words('bulkResume', paused, pausedOfAll)}
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
