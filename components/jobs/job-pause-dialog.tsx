'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import type { Refusal } from '#core/outcome.ts';
import { endForm, endOf, type GivenEnd } from '#components/pauses/pause-end.ts';
import { PauseEndFields, problemsOf } from '#components/pauses/pause-end-fields.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';

/** What a pause is asked for with. */
export type AskedPause = { reason: string; cancelRunning: boolean; end: GivenEnd };

/** Asks why one job or several are paused, until when, and what becomes of what runs. */
export function PauseDialog({
  jobs,
  onPause,
  onClose,
}: {
  jobs: readonly Pick<JobSummary, 'key' | 'running'>[];
  /** True when it is done, and the dialog goes. */
  onPause: (asked: AskedPause, onRefused: (refusal: Refusal) => void) => Promise<boolean>;
  onClose: () => void;
}) {
  const t = useTranslations('job');
  const pauses = useTranslations('pauses');
  const clock = useClock();
  const words = usePauseWords(jobs);
  const [reason, setReason] = useState('');
  const [cancelRunning, setCancelRunning] = useState(false);
  const [form, setForm] = useState(() => endForm(null, clock.now()));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isPending, setIsPending] = useState(false);
  const problems = problemsOf(refusal?.fields);
  const isAtField = problems.until !== undefined || problems.answer !== undefined;
  const submit = async () => {
    const end = endOf(form, clock.now());
    if (end === undefined) {
      const message = pauses('untilMissing');
      setRefusal({ code: 'invalid', message, fields: [{ path: ['until'], message }] });
      return;
    }
    setIsPending(true);
    setRefusal(null);
    const isDone = await onPause({ reason, cancelRunning, end }, setRefusal);
    setIsPending(false);
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={words.title}
      sentence={words.sentence}
      submit={words.submit}
      problem={isAtField ? undefined : refusal?.message}
      isPending={isPending}
      onSubmit={submit}
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
      <PauseEndFields form={form} onChange={setForm} problem={problems} />
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
