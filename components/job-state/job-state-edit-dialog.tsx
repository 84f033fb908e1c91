'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Refusal } from '#core/outcome.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { JobStateActions } from './job-state-queries.ts';

/** Writes what the next run is given, or brings an earlier version back. Either needs a reason. */
export function JobStateEditDialog({
  jobId,
  jobKey,
  newest,
  body,
  restores,
  actions,
  onWritten,
  onClose,
}: {
  jobId: number;
  jobKey: string;
  /** The newest version when this was opened; 0: there is none. */
  newest: number;
  body: string;
  /** The version to bring back; null: the text is edited. */
  restores: number | null;
  actions: JobStateActions;
  onWritten: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('jobState');
  const client = useQueryClient();
  const { act, pending } = useAct<'write'>();
  const [basedOn] = useState(newest);
  const [text, setText] = useState(body);
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const problemOf = (field: string) =>
    refusal?.fields?.find(({ path }) => path[0] === field)?.message;
  // A job that runs often writes faster than anybody types: then what is new is named, and may be written over.
  const isOvertaken = refusal?.code === 'conflict';
  const isAtField = problemOf('body') !== undefined || problemOf('reason') !== undefined;

  const write = async () => {
    const common = { jobId, basedOn: isOvertaken ? null : basedOn, reason };
    const written = await act(
      'write',
      () =>
        restores === null
          ? actions.editJobState({ ...common, body: text })
          : actions.restoreJobState({ ...common, version: restores }),
      setRefusal,
    );
    await client.invalidateQueries({ queryKey: ['job', jobId, 'state'] });
    if (!written) return;
    notify(t('written', { version: written.version }));
    onWritten();
    onClose();
  };

  return (
    <FormDialog
      title={
        restores === null
          ? t('editTitle', { key: jobKey })
          : t('restoreTitle', { version: restores })
      }
      sentence={t(restores === null ? 'editSentence' : 'restoreSentence')}
      width={640}
      problem={isAtField ? undefined : refusal?.message}
      submit={t(isOvertaken ? 'writeOver' : restores === null ? 'save' : 'restore')}
      isPending={pending !== null}
      onSubmit={write}
      onClose={onClose}
    >
      {restores === null && (
        <Field label={t('text')} error={problemOf('body')}>
          <Textarea
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={12}
            spellCheck={false}
            mono
          />
        </Field>
      )}
      <Field label={t('reason')} explanation={t('reasonHint')} error={problemOf('reason')}>
        <Input
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={500}
          autoComplete="off"
        />
      </Field>
    </FormDialog>
  );
}
