'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import type { Parameter, ParameterValues } from '#core/jobs/parameters.ts';
import type { Refusal } from '#core/outcome.ts';
import {
  ParameterFields,
  parametersOf,
  type TypedParameters,
} from '#components/parameters/parameter-fields.tsx';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { JobActions } from './job-view.ts';

/** Starts a run by hand, with parameters and a note of why. */
export function TriggerDialog({
  job,
  parameters,
  triggerJob,
  onTriggered,
  onClose,
}: {
  job: { id: number; key: string };
  parameters: readonly Parameter[];
  triggerJob: JobActions['triggerJob'];
  onTriggered: (runId: number) => void;
  onClose: () => void;
}) {
  const t = useTranslations('job');
  const { act, pending } = useAct<'trigger'>();
  const [typed, setTyped] = useState<TypedParameters>({});
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const problems = Object.fromEntries(
    (refusal?.fields ?? []).map(({ path, message }) => [String(path.at(-1)), message]),
  );
  const isElsewhere = refusal && !parameters.some(({ name }) => problems[name]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const values = parametersOf(parameters, typed);
    const problems = await problemsOf(parameters, values);
    if (problems) {
      setRefusal(problems);
      return;
    }
    const started = await act(
      'trigger',
      () => triggerJob({ jobId: job.id, parameters: values, note }),
      setRefusal,
    );
    if (!started) return;
    onClose();
    onTriggered(started.runId);
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent
        width={480}
        title={t.rich('triggerTitle', { key: () => <span className="font-mono">{job.key}</span> })}
        sentence={t('triggerSentence')}
      >
        <form onSubmit={(event) => void submit(event)} className="contents">
          <DialogBody className="grid content-start gap-4">
            <ParameterFields
              parameters={parameters}
              typed={typed}
              problems={problems}
              onType={(name, value) => setTyped({ ...typed, [name]: value })}
            />
            <Field label={t('note')} aside={t('optional')} explanation={t('noteHint')}>
              <Input
                value={note}
                onChange={(event) => setNote(event.target.value)}
                maxLength={500}
                autoComplete="off"
              />
            </Field>
            {isElsewhere && (
              <p role="alert" className="text-table text-fail-ink">
                {refusal.message}
              </p>
            )}
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" variant="primary" pending={pending !== null}>
              {t('trigger')}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}

/** The rule of the use-case, looked at before anything is sent; fetched when it is first needed. */
async function problemsOf(
  parameters: readonly Parameter[],
  values: ParameterValues,
): Promise<Refusal | null> {
  if (parameters.length === 0) return null;
  const { resolveParameters } = await import('#core/jobs/parameters.ts');
  const resolved = resolveParameters(parameters, values);
  if (resolved.ok) return null;
  return {
    code: 'invalid',
    message: resolved.problems[0]?.message ?? '',
    fields: resolved.problems.map(({ name, message }) => ({ path: ['parameters', name], message })),
  };
}
