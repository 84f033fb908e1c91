'use client';

import type { JobDetail } from '#core/jobs/read-job.ts';
import type { GivenEnd } from '#components/pauses/pause-end.ts';
import { PauseEndDialog } from '#components/pauses/pause-end-dialog.tsx';
import { ResumeDialog } from '#components/pauses/resume-dialog.tsx';
import { DeleteDialog } from './job-delete-dialog.tsx';
import { PauseDialog } from './job-pause-dialog.tsx';
import { TriggerDialog } from './job-trigger-dialog.tsx';
import type { JobActions } from './job-view.ts';
import { usePauseEndAct } from './use-pause-end-act.ts';
import type { JobActs } from './use-job-acts.ts';

export type JobQuestion = 'trigger' | 'test' | 'pause' | 'resume' | 'pauseEnd' | 'delete';

/** What the acts on a job ask before they are done; it comes when somebody acts, not with the page. */
export function JobDialog({
  asked,
  job,
  acts,
  actions,
  onClose,
}: {
  asked: JobQuestion;
  job: JobDetail;
  acts: JobActs;
  actions: JobActions;
  onClose: () => void;
}) {
  const changeEnd = usePauseEndAct(job, actions);
  switch (asked) {
    case 'trigger':
    case 'test':
      return (
        <TriggerDialog
          job={job}
          isTestAtFirst={asked === 'test'}
          parameters={job.definition?.parameters ?? []}
          triggerJob={actions.triggerJob}
          onTriggered={acts.sayTriggered}
          onClose={onClose}
        />
      );
    case 'pause':
      return <PauseDialog jobs={[job]} onPause={acts.pause} onClose={onClose} />;
    case 'resume':
      return <ResumeDialog jobs={[job]} onResume={acts.resume} onClose={onClose} />;
    case 'pauseEnd':
      return job.paused ? (
        <PauseEndDialog end={endOf(job.paused)} onSave={changeEnd} onClose={onClose} />
      ) : null;
    case 'delete':
      return (
        <DeleteDialog
          job={job}
          running={job.running?.runs ?? 0}
          deleteJob={actions.deleteJob}
          onDeleted={acts.afterDeleted}
          onClose={onClose}
        />
      );
  }
}

function endOf({ until, answer }: NonNullable<JobDetail['paused']>): GivenEnd {
  return until === null ? null : { until, answer: answer ?? { rule: 'skip' } };
}
