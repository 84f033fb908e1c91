'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { QueueSummary } from '#core/queues/reads.ts';
import type { QueueActions } from './queue-actions.ts';
import { queueList } from './queue-queries.ts';

type Typed = Record<
  'name' | 'description' | 'maxRunning' | 'maxWaiting' | 'timeout' | 'rateStarts' | 'ratePer',
  string
>;

/** Makes a queue, or changes the limits of one. What is typed stays when it is refused. */
export function QueueDialog({
  queue,
  actions,
  onClose,
}: {
  /** Null: a new one. */
  queue: QueueSummary | null;
  actions: QueueActions;
  onClose: () => void;
}) {
  const t = useTranslations('queues.form');
  const common = useTranslations('common');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  const [typed, setTyped] = useState<Typed>(() => ({
    name: queue?.name ?? '',
    description: queue?.description ?? '',
    maxRunning: String(queue?.maxRunning ?? 10),
    maxWaiting: String(queue?.maxWaiting ?? 1_000),
    timeout: String((queue?.defaultTimeoutMs ?? 300_000) / 1_000),
    rateStarts: queue?.rate ? String(queue.rate.starts) : '',
    ratePer: String((queue?.rate?.perMs ?? 60_000) / 1_000),
  }));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const problem = (field: string, part?: string) =>
    refusal?.fields?.find(({ path }) => path[0] === field && (!part || path[1] === part))?.message;

  const submit = async () => {
    const input = {
      name: typed.name.trim(),
      description: typed.description,
      maxRunning: numberIn(typed.maxRunning),
      maxWaiting: numberIn(typed.maxWaiting),
      defaultTimeoutMs: numberIn(typed.timeout) * 1_000,
      rate:
        typed.rateStarts.trim() === ''
          ? null
          : { starts: numberIn(typed.rateStarts), perMs: numberIn(typed.ratePer) * 1_000 },
    };
    const save = queue ? actions.change : actions.create;
    const saved = await act('save', () => save(input), setRefusal);
    if (!saved) return;
    await client.invalidateQueries({ queryKey: queueList.queryKey });
    notify(t(queue ? 'saved' : 'created', saved));
    onClose();
  };

  const control = (field: keyof Typed) => ({
    value: typed[field],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setTyped({ ...typed, [field]: event.target.value }),
    autoComplete: 'off',
  });
  return (
    <FormDialog
      title={queue ? t('changeTitle', { name: queue.name }) : t('newTitle')}
      sentence={t('sentence')}
      problem={refusal?.fields?.length ? undefined : refusal?.message}
      submit={t(queue ? 'save' : 'create')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {!queue && (
        <Field label={t('name')} explanation={t('nameHint')} error={problem('name')}>
          <Input mono {...control('name')} />
        </Field>
      )}
      <Field label={t('description')} aside={common('optional')} error={problem('description')}>
        <Input {...control('description')} />
      </Field>
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <Field
          label={t('maxRunning')}
          explanation={t('maxRunningHint')}
          error={problem('maxRunning')}
        >
          <Input inputMode="numeric" {...control('maxRunning')} />
        </Field>
        <Field
          label={t('maxWaiting')}
          explanation={t('maxWaitingHint')}
          error={problem('maxWaiting')}
        >
          <Input inputMode="numeric" {...control('maxWaiting')} />
        </Field>
      </div>
      <Field
        label={t('timeout')}
        explanation={t('timeoutHint')}
        error={problem('defaultTimeoutMs')}
      >
        <Input inputMode="decimal" {...control('timeout')} />
      </Field>
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <Field
          label={t('rateStarts')}
          aside={common('optional')}
          explanation={t('rateStartsHint')}
          error={problem('rate', 'starts')}
        >
          <Input inputMode="numeric" {...control('rateStarts')} />
        </Field>
        <Field label={t('ratePer')} explanation={t('ratePerHint')} error={problem('rate', 'perMs')}>
          <Input
            inputMode="decimal"
            {...control('ratePer')}
            disabled={typed.rateStarts.trim() === ''}
          />
        </Field>
      </div>
    </FormDialog>
  );
}

// What isn't a number is left to the schema, which says so at its field.
function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
