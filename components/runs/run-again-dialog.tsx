'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
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
import type { Parameter } from '#core/jobs/parameters.ts';
import type { Refusal } from '#core/outcome.ts';
import type { RunDetail } from '#core/runs/read-run.ts';
import type { RunActions } from './run-acts.ts';

/** Tries a run again with other parameters; what it had stands in the fields. */
export function RunAgainDialog({
  run,
  parameters,
  runAgainWith,
  onStarted,
  onClose,
}: {
  run: RunDetail['run'];
  parameters: readonly Parameter[];
  runAgainWith: RunActions['runAgainWith'];
  onStarted: (runId: number) => void;
  onClose: () => void;
}) {
  const t = useTranslations('run.again');
  const common = useTranslations('common');
  const { act, pending } = useAct<'again'>();
  const [typed, setTyped] = useState<TypedParameters>(() =>
    Object.fromEntries(
      Object.entries(run.parameters ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  );
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const problems = Object.fromEntries(
    (refusal?.fields ?? []).map(({ path, message }) => [String(path.at(-1)), message]),
  );
  const isElsewhere = refusal && !parameters.some(({ name }) => problems[name]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = { runId: run.id, parameters: parametersOf(parameters, typed), note };
    const started = await act('again', () => runAgainWith(given), setRefusal);
    if (!started) return;
    onClose();
    onStarted(started.runId);
  };

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        width={480}
        title={t('title', { key: run.jobKey })}
        sentence={t('sentence', { id: run.id })}
      >
        <form onSubmit={(event) => void submit(event)} className="contents">
          <DialogBody className="grid content-start gap-4">
            <ParameterFields
              parameters={parameters}
              typed={typed}
              problems={problems}
              onType={(name, value) => setTyped({ ...typed, [name]: value })}
            />
            <Field label={t('note')} aside={common('optional')} explanation={t('noteHint')}>
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
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" variant="primary" pending={pending !== null}>
              {t('start')}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
