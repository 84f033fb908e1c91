'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import type { JobActions } from './job-view.ts';

/** Says what is lost and what is kept, and asks for the key: deleting has no way back. */
export function DeleteDialog({
  job,
  running,
  deleteJob,
  onDeleted,
  onClose,
}: {
  job: { id: number; key: string };
  running: number;
  deleteJob: JobActions['deleteJob'];
  onDeleted: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('job');
  const { act, pending } = useAct<'delete'>();
  const [typed, setTyped] = useState('');
  const [cancelRunning, setCancelRunning] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const key = () => <span className="font-mono">{job.key}</span>;
  const submit = async () => {
    if (typed.trim() !== job.key) {
      setProblem(t('deleteKeyWrong', { key: job.key }));
      return;
    }
    const deleted = await act(
      'delete',
      () => deleteJob({ jobId: job.id, confirmKey: typed, cancelRunning }),
      ({ message }) => setProblem(message),
    );
    if (deleted) onDeleted();
  };

  return (
    <FormDialog
      width={520}
      title={t.rich('deleteTitle', { key })}
      sentence={t('deleteSentence')}
      submit={t('deleteJob')}
      isDanger
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <dl className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-table">
        <dt className="text-ink-3">{t('lost')}</dt>
        <dd>{t('deleteLost')}</dd>
        <dt className="text-ink-3">{t('kept')}</dt>
        <dd>{t('deleteKept')}</dd>
      </dl>
      {running > 0 && (
        <CheckboxLine
          label={t('deleteCancel', { count: running })}
          hint={t('deleteCancelHint')}
          checked={cancelRunning}
          onCheckedChange={setCancelRunning}
        />
      )}
      <Field label={t.rich('deleteType', { key })} error={problem}>
        <Input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          mono
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-first
        />
      </Field>
    </FormDialog>
  );
}
