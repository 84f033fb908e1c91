'use client';

import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import type { Parameter, ParameterValues } from '#core/jobs/parameters.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import type { Requested } from '#core/runs/requests.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { ParameterFields, parametersOf, type TypedParameters } from './parameter-fields.tsx';

/** Starts a run with parameters and a note of why. What is typed stays when it is refused. */
export function ParametersDialog({
  title,
  sentence,
  parameters,
  first = {},
  note: noteWords,
  submit,
  start,
  onStarted,
  onClose,
  children,
}: {
  title: ReactNode;
  sentence: ReactNode;
  parameters: readonly Parameter[];
  /** What stands in the fields at first. */
  first?: TypedParameters;
  note: { label: string; hint: string };
  submit: string;
  start: (given: { parameters: ParameterValues; note: string }) => Promise<Outcome<Requested>>;
  onStarted: (started: Requested) => void;
  onClose: () => void;
  /** What else is asked, under the note. */
  children?: ReactNode;
}) {
  const t = useTranslations('common');
  const { act, pending } = useAct<'start'>();
  const [typed, setTyped] = useState(first);
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const problems = Object.fromEntries(
    (refusal?.fields ?? []).map(({ path, message }) => [String(path.at(-1)), message]),
  );
  const isAtField = parameters.some(({ name }) => problems[name]);

  const send = async () => {
    const given = { parameters: parametersOf(parameters, typed), note };
    const started = await act('start', () => start(given), setRefusal);
    if (!started) return;
    onClose();
    onStarted(started);
  };

  return (
    <FormDialog
      title={title}
      sentence={sentence}
      problem={isAtField ? undefined : refusal?.message}
      submit={submit}
      isPending={pending !== null}
      onSubmit={send}
      onClose={onClose}
    >
      <ParameterFields
        parameters={parameters}
        typed={typed}
        problems={problems}
        onType={(name, value) => setTyped({ ...typed, [name]: value })}
      />
      <Field label={noteWords.label} aside={t('optional')} explanation={noteWords.hint}>
        <Input
          value={note}
          onChange={(event) => setNote(event.target.value)}
          maxLength={500}
          autoComplete="off"
        />
      </Field>
      {children}
    </FormDialog>
  );
}
