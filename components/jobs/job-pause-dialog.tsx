'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';

/** Asks why one job or several are paused, and what becomes of what runs. */
export function PauseDialog({
  jobs,
  onPause,
  onClose,
}: {
  jobs: readonly Pick<JobSummary, 'key' | 'running'>[];
  onPause: (reason: string, cancelRunning: boolean) => void;
  onClose: () => void;
}) {
  const t = useTranslations('job');
  const words = usePauseWords(jobs);
  const [reason, setReason] = useState('');
  const [cancelRunning, setCancelRunning] = useState(false);
  return (
    <FormDialog
      title={words.title}
      sentence={words.sentence}
      submit={words.submit}
      onSubmit={() => {
        onClose();
        onPause(reason, cancelRunning);
      }}
      onClose={onClose}
    >
      <Field label={t('reason')} explanation={words.reasonHint}>
        <Input
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={500}
          autoComplete="off"
        />
      </Field>
      <CheckboxLine
        label={t('alsoCancel')}
        hint={words.cancelHint}
        checked={cancelRunning}
        onCheckedChange={setCancelRunning}
      />
    </FormDialog>
  );
}

/** One job is named; of several it counts. */
function usePauseWords(jobs: readonly Pick<JobSummary, 'key' | 'running'>[]) {
  const one = useTranslations('job');
  const several = useTranslations('jobs');
  const [job] = jobs;
  if (job && jobs.length === 1) {
    return {
      title: one.rich('pauseTitle', { key: () => <span className="font-mono">{job.key}</span> }),
      sentence: one('pauseSentence'),
      reasonHint: one('reasonHint'),
      cancelHint: one('alsoCancelHint', { count: job.running?.runs ?? 0 }),
      submit: one('pause'),
    };
  }
  return {
    title: several('pauseTitle', { count: jobs.length }),
    sentence: several('pauseSentence'),
    reasonHint: several('pauseReasonHint'),
    cancelHint: several('pauseCancelHint', {
      count: jobs.filter(({ running }) => running).length,
    }),
    submit: several('pauseDo', { count: jobs.length }),
  };
}
