'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { TwoPersonRule } from '#core/proposals/two-person-rule.ts';
import type { InstallationActions } from './settings-actions.ts';
import { installationSettings } from './settings-queries.ts';

/** The labels whose jobs are edited by two persons, as one line: `team=billing, critical`. */
export function TwoPersonsForm({
  labels,
  mayWrite,
  changeTwoPersons,
}: {
  labels: TwoPersonRule;
  mayWrite: boolean;
  changeTwoPersons: InstallationActions['changeTwoPersons'];
}) {
  const t = useTranslations('settings.twoPersons');
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  // Null: what is saved, also when somebody else changes it meanwhile.
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed === null) return;
    const saved = await act(
      'save',
      () => changeTwoPersons({ labels: labelsOf(typed) }),
      ({ message, fields }) => setProblem(fields?.[0]?.message ?? message),
    );
    if (!saved) return;
    await client.invalidateQueries({ queryKey: installationSettings.queryKey });
    setTyped(null);
    setProblem(null);
    notify(t('saved', { labels: saved.labels.length }));
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field label={t('labels')} explanation={t('labelsHint')} error={problem}>
        <span className="flex gap-2">
          <Input
            mono
            value={typed ?? textOf(labels)}
            onChange={(event) => setTyped(event.target.value)}
            disabled={!mayWrite}
            autoComplete="off"
            className="max-w-80"
          />
          <Button
            type="submit"
            pending={pending !== null}
            disabled={!mayWrite || typed === null || typed.trim() === textOf(labels)}
            title={mayWrite ? undefined : who('installation:write')}
          >
            {t('save')}
          </Button>
        </span>
      </Field>
    </form>
  );
}

const textOf = (labels: TwoPersonRule) =>
  labels.map(({ name, value }) => (value === null ? name : `${name}=${value}`)).join(', ');

function labelsOf(typed: string): TwoPersonRule {
  const words = typed.split(',').map((word) => word.trim());
  return words.filter(Boolean).map((word) => {
    const [name = '', ...value] = word.split('=');
    return { name: name.trim(), value: value.length === 0 ? null : value.join('=').trim() };
  });
}
