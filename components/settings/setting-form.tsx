'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type ComponentProps, type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Outcome } from '#core/outcome.ts';
import { installationSettings } from './settings-queries.ts';

/** One setting of the installation: its field with a button of its own, and what was refused beneath it. */
export function SettingForm<Saved>({
  label,
  explanation,
  submit,
  saved,
  mayWrite,
  save,
  noteOf,
  input,
}: {
  label: string;
  explanation: string;
  submit: string;
  /** What is saved, as somebody would type it. */
  saved: string;
  mayWrite: boolean;
  save: (typed: string) => Promise<Outcome<Saved>>;
  /** What is said once it is saved. */
  noteOf: (saved: Saved) => string;
  input: Pick<ComponentProps<typeof Input>, 'mono' | 'inputMode' | 'className'>;
}) {
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  // Null: what is saved, also when somebody else changes it meanwhile.
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (typed === null) return;
    const done = await act(
      'save',
      () => save(typed),
      ({ message, fields }) => setProblem(fields?.[0]?.message ?? message),
    );
    if (done === null) return;
    await client.invalidateQueries({ queryKey: installationSettings.queryKey });
    setTyped(null);
    setProblem(null);
    notify(noteOf(done));
  };
  return (
    <form onSubmit={(event) => void send(event)} noValidate>
      <Field label={label} explanation={explanation} error={problem}>
        <span className="flex gap-2">
          <Input
            {...input}
            value={typed ?? saved}
            onChange={(event) => setTyped(event.target.value)}
            disabled={!mayWrite}
            autoComplete="off"
          />
          <Button
            type="submit"
            pending={pending !== null}
            disabled={!mayWrite || typed === null || typed.trim() === saved}
            title={mayWrite ? undefined : who('installation:write')}
          >
            {submit}
          </Button>
        </span>
      </Field>
    </form>
  );
}
